"""The mail of a digest."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from portal.notifications.mails.links import ALL, address_of
from portal.notifications.mails.making import mail_to_person
from portal.notifications.mails.outgoing import Mail
from portal.notifications.models import Digest, Notification
from portal.notifications.selectors import Line, sections_of
from portal.ui.digits import western_digits
from portal.ui.zones import zone_named

if TYPE_CHECKING:
    from portal.accounts.models import User

LINES: Final = 100
"""More than that are counted, not listed."""


def digest_mail(person: User, digest: Digest, holding: Collection[Notification]) -> Mail:
    """The mail that tells `person` of the notifications `holding`, by the place they come from and newest first.

    Made like all mails: neutral, encrypted and in the language that its reader wants. Its link stops all mails about
    notifications, for it is of no one kind.
    """
    newest = sorted(holding, key=lambda one: (one.at, one.pk), reverse=True)
    zone = zone_named(person.time_zone)  # a sentence may say when something is
    with override(person.language), timezone.override(zone), western_digits(person.western_digits):
        sections = [
            {"label": str(section.label), "lines": [_said(line) for line in section.lines]}
            for section in sections_of(person, newest[:LINES])
        ]
    context = {
        "sections": sections,
        "count": len(newest),
        "more": max(0, len(newest) - LINES),
        "link": address_of(reverse("notifications:inbox")),
        "preferences_link": address_of(reverse("notifications:preferences")),
    }
    template, identity = "email/portal/notifications/digest", f"digest {digest.pk}"
    return mail_to_person(person, template=template, context=context, identity=identity, kind=ALL)


def _said(line: Line) -> dict[str, object]:
    notification = line.notification
    opened = reverse("notifications:open", args=[notification.pk]) if notification.url else ""
    link = address_of(opened) if opened else ""
    return {"sentence": str(line.sentence), "at": notification.at, "link": link}
