"""Mail to one person: in their language and time zone, as text and as plain HTML, with nothing remote in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, engines
from django.utils import timezone, translation

from portal.ui.digits import western_digits
from portal.ui.zones import zone_named

if TYPE_CHECKING:
    from portal.accounts.models import User

# Auto-Submitted (RFC 3834) keeps vacation programs from answering.
_HEADERS = {"Auto-Submitted": "auto-generated"}


def address_of(path: str) -> str:
    """The full address of a path within the portal, for use in mails."""
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def mail_to_person(
    person: User, *, template: str, context: Mapping[str, Any], email: str = ""
) -> EmailMultiAlternatives:
    """A mail to `person` at their address, or at `email` where another of theirs is meant; see `mail_to_address`."""
    values = {"person": person, **context}
    zone = zone_named(person.time_zone)
    with western_digits(person.western_digits):
        return mail_to_address(
            email or person.email, language=person.language, zone=zone, template=template, context=values
        )


def mail_to_address(
    email: str, *, language: str, template: str, context: Mapping[str, Any], zone: ZoneInfo | None = None
) -> EmailMultiAlternatives:
    """A mail made of the templates `<template>_subject.txt`, `<template>.txt` and `<template>.html`; not sent yet.

    `language` is a code of `settings.LANGUAGES`; times are shown in `zone`, UTC by default. The templates are given
    `language`, `direction` ("ltr" or "rtl"), `network_name` and `address` (of the portal) beside `context`.
    """
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
    headers = {**_HEADERS, "Content-Language": known}
    mail = EmailMultiAlternatives(subject, body, settings.DEFAULT_FROM_EMAIL, [email], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


def _text(name: str, values: Mapping[str, Any]) -> str:
    """A template of plain text: nothing is escaped in it."""
    template = engines["django"].get_template(name).template  # type: ignore[attr-defined]
    return str(template.render(Context(dict(values), autoescape=False))).strip() + "\n"


def _html(name: str, values: Mapping[str, Any]) -> str:
    return str(engines["django"].get_template(name).render(dict(values))).strip() + "\n"
