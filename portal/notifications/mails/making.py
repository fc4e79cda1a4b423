"""Making mails: in the reader's language and time zone, as text and as plain HTML, with nothing remote in it.

The only way to a mail: here it is decided whether its receiver's mails are encrypted and whether they say anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import format_datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template import Context, engines
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from portal.notifications.mails.keys import KeyRefused
from portal.notifications.mails.links import ALL, address_of, message_id, stop_link
from portal.notifications.mails.outgoing import Mail
from portal.notifications.mails.sealing import sealed
from portal.notifications.models import MailKey
from portal.notifications.selectors import is_discreet
from portal.ui.digits import western_digits
from portal.ui.zones import zone_named

if TYPE_CHECKING:
    from portal.accounts.models import User

# Auto-Submitted (RFC 3834) keeps vacation programs from answering.
_HEADERS: Final = {"Auto-Submitted": "auto-generated"}


class Neutral(StrEnum):
    """What a mail becomes for those whose mails say nothing. There are no more bodies than these, for any kind."""

    AWAITS = "awaits"  # something awaits you: sign in
    CHANGED = "changed"  # something about your account was changed: if not by you, here is how to stop it
    LINK = "link"  # a link that somebody asked for, such as to set a new password


def mail_to_person(
    person: User,
    *,
    template: str,
    context: Mapping[str, Any],
    email: str = "",
    neutral: Neutral = Neutral.AWAITS,
    identity: str = "",
    kind: str | None = None,
    even_when_held: bool = False,
) -> Mail:
    """A mail to `person` at their address, or at `email` where another of theirs is meant; see `mail_to_address`.

    Encrypted where they gave a key. Where it can no longer be used, or where they want mails to say nothing, `neutral`
    takes the place of the mail; LINK and CHANGED show the `link` of `context`. A kind of mail whose author did not
    think of this is therefore a mail that says nothing. `identity` names what the mail is about, so that it has the
    same Message-ID when it is made again. `kind`, of a notification, adds the link that stops such mails.
    `even_when_held` is for what must be told although others hold the person's mails back.
    """
    key = MailKey.objects.filter(person_id=person.pk).first()
    shut = key is not None and key.is_over
    discreet = shut or is_discreet(person)
    stop = None if kind is None else stop_link(person.pk, ALL if discreet or key else kind)
    mail = _to_person(person, template, context, email, neutral if discreet else None, identity, stop)
    mail.even_when_held = even_when_held
    if key is None or shut:
        closed = mail
    else:
        try:
            closed = sealed(mail, key.certificate)
        except KeyRefused:
            shut = True
            closed = _to_person(person, template, context, email, neutral, identity, stop)
            closed.even_when_held = even_when_held
    if shut and key is not None and key.told_at is None:
        app.configure_task("notifications.key_tell").defer(person_id=person.pk)
    return closed


def mail_to_address(
    email: str,
    *,
    language: str,
    template: str,
    context: Mapping[str, Any],
    zone: ZoneInfo | None = None,
    neutral: Neutral = Neutral.LINK,
    identity: str = "",
) -> Mail:
    """A mail made of the templates `<template>_subject.txt`, `<template>.txt` and `<template>.html`; not sent yet.

    `language` is a code of `settings.LANGUAGES`; times are shown in `zone`, UTC by default. The templates are given
    `language`, `direction` ("ltr" or "rtl"), `network_name` and `address` (of the portal) beside `context`. Whoever has
    an account at the address gets it as `mail_to_person` would have it.
    """
    person = get_user_model().objects.filter(email=email.lower()).first()
    if person is not None:
        return mail_to_person(person, template=template, context=context, neutral=neutral, identity=identity)
    return _mail(email, language, template, context, zone, identity)


def _to_person(
    person: User,
    template: str,
    context: Mapping[str, Any],
    email: str,
    neutral: Neutral | None,
    identity: str,
    stop: str | None,
) -> Mail:
    """The mail in clear, or its neutral form."""
    values = {"person": person, "stop_link": stop, **context}
    if neutral is not None:
        template, values = _neutral(neutral, context)
    with western_digits(person.western_digits):
        zone = zone_named(person.time_zone)
        mail = _mail(email or person.email, person.language, template, values, zone, identity)
    mail.person_id = person.pk
    if stop is not None:
        # RFC 2369 and 8058: a button of the mail program, which sends a POST and needs no session.
        mail.extra_headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return mail


def _neutral(neutral: Neutral, context: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The template that says nothing, and the one link it may hold. Nothing else of `context` reaches it."""
    link = context.get("link")
    if neutral == Neutral.AWAITS or (neutral == Neutral.LINK and not link):
        neutral, link = Neutral.AWAITS, address_of(reverse("notifications:inbox"))
    return f"email/portal/notifications/{neutral}", {"link": link}


def _mail(
    email: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    zone: ZoneInfo | None,
    identity: str,
) -> Mail:
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known), timezone.override(zone or ZoneInfo("UTC")):
        values = {
            "language": known,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "network_name": settings.NETWORK_NAME,
            "address": settings.PUBLIC_ADDRESS,
            **context,
        }
        subject = " ".join(_text(f"{template}_subject.txt", values).split())
        body, html = _text(f"{template}.txt", values), _html(f"{template}.html", values)
    named = {"Message-ID": message_id(identity), "Date": format_datetime(timezone.now())}
    headers = {**_HEADERS, **named, "Content-Language": known}
    mail = Mail(subject, body, settings.DEFAULT_FROM_EMAIL, [email], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


def _text(name: str, values: Mapping[str, Any]) -> str:
    """A template of plain text: nothing is escaped in it."""
    template = engines["django"].get_template(name).template  # type: ignore[attr-defined]
    return str(template.render(Context(dict(values), autoescape=False))).strip() + "\n"


def _html(name: str, values: Mapping[str, Any]) -> str:
    return str(engines["django"].get_template(name).render(dict(values))).strip() + "\n"
