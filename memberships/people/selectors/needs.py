"""What waits for an organisation's administrators, and for the Secretariat, about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from memberships.people.models import Role
from memberships.people.selectors.acting import acting_for_of
from memberships.people.selectors.team import invitations_expiring, kept_by_one, organisations_without_administrator
from portal.access.policies import is_secretariat
from portal.registry import Need
from portal.ui.formats import number

if TYPE_CHECKING:
    from django.http import HttpRequest

    from memberships.organisations.models import Organisation

SOON: Final = timedelta(days=3)
"""An invitation that runs out within this time is spoken of."""


def needs_about_people(request: HttpRequest) -> Sequence[Need]:
    """For the organisation acted for, where the reader is administrator; for the Secretariat, of all."""
    acting = acting_for_of(request)
    found: list[Need] = []
    if acting is not None and acting.holds(Role.ADMINISTRATOR):
        found += _expiring(acting.organisation)
        found += _kept_by_one(acting.organisation)
    if is_secretariat(request.user):
        found += _without_administrator()
    return found


def subject(request: HttpRequest) -> str | None:
    """Whose needs the home page's title speaks of."""
    acting = acting_for_of(request)
    return acting.organisation.display_name if acting else None


def _expiring(organisation: Organisation) -> list[Need]:
    waiting = list(invitations_expiring([organisation.pk], before=timezone.now() + SOON))
    if not waiting:
        return []
    count = len(waiting)
    title = ngettext(
        "An invitation to %(name)s runs out", "%(count)s invitations run out soon", count
    ) % {"name": waiting[0].invitation.name or waiting[0].invitation.email, "count": number(count)}  # fmt: skip
    return [
        Need(
            kind=_("Team"),
            icon="people",
            title=title,
            sentence=_("Nobody has accepted yet. Send the invitation again, or withdraw it."),
            action=_("See invitations"),
            url=reverse("people:team", args=[organisation.slug]) + "#invitations",
            deadline=waiting[0].invitation.expires_at,
        )
    ]


def _kept_by_one(organisation: Organisation) -> list[Need]:
    if organisation.pk not in kept_by_one([organisation.pk]):
        return []
    return [
        Need(
            kind=_("Team"),
            icon="people",
            title=_("You are the only administrator of %(organisation)s") % {"organisation": organisation.display_name},
            sentence=_("Make a colleague administrator too, so that someone can step in when you are away."),
            action=_("Choose a colleague"),
            url=reverse("people:team", args=[organisation.slug]),
        )
    ]


def _without_administrator() -> list[Need]:
    count = organisations_without_administrator().count()
    if not count:
        return []
    title = ngettext(
        "%(count)s organisation has no administrator", "%(count)s organisations have no administrator", count
    ) % {"count": number(count)}  # fmt: skip
    return [
        Need(
            kind=_("Recovery"),
            icon="key",
            title=title,
            sentence=_("Nobody can keep their profile or invite their people. Appoint someone, or invite one."),
            action=_("See organisations"),
            url=reverse("people:recovery"),
        )
    ]
