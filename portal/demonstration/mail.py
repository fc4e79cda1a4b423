"""Mails of the demonstration: nothing is sent, each mail becomes a file that a page shows."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.html import strip_tags

from portal.accounts.models import User
from portal.privacy.services.erasure import words_of
from portal.privacy.words import Words

KEPT: Final = 500
"""The oldest mails go beyond so many."""
NAME: Final = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}")


def outbox() -> Path:
    """The directory of the mails."""
    return Path(settings.DATA_DIR) / "mails"


class OutboxBackend(BaseEmailBackend):
    """Writes each mail to a file of its own. Refuses to exist outside the demonstration, where mails must be sent."""

    def __init__(self, fail_silently: bool = False, **kwargs: object) -> None:
        super().__init__(fail_silently=fail_silently)
        if not settings.DEMONSTRATION:
            raise ImproperlyConfigured("OutboxBackend keeps mails instead of sending them: for the demonstration only.")

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the mails. Returns their number."""
        directory = outbox()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{token_hex(4)}"
            unfinished = directory / f"{name}.unfinished"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(directory / f"{name}.eml")
        for old in sorted(directory.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def mails_forget(person: User) -> None:
    """Remove the mails to or about `person` once the transaction of their erasure is committed."""
    words = words_of(person)
    transaction.on_commit(partial(_forget, words), robust=True)


def _forget(words: Words) -> None:
    for name in names():
        with suppress(LookupError):
            found = mail(name)
            text = f"{found.sender}\n{found.recipients}\n{found.subject}\n{found.text}"
            if words.taken_out(text, "") != text:
                (outbox() / f"{name}.eml").unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `at` is when it was sent, in UTC; `text` its plain part."""

    name: str
    at: datetime
    sender: str
    recipients: str
    subject: str
    text: str


def names() -> list[str]:
    """The names of all mails, latest first."""
    return sorted((path.stem for path in outbox().glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)


def mail(name: str) -> Mail:
    """One mail. Raises LookupError where there is none of that name."""
    if not NAME.fullmatch(name):
        raise LookupError(name)
    try:
        content = (outbox() / f"{name}.eml").read_bytes()
    except OSError as error:
        raise LookupError(name) from error
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, Parsed)
    return Mail(
        name=name,
        at=datetime.strptime(name.split("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC),
        sender=str(parsed.get("From", "")),
        recipients=str(parsed.get("To", "")),
        subject=str(parsed.get("Subject", "")),
        text=_text(parsed),
    )


def _text(parsed: Parsed) -> str:
    if parsed.get_content_type() == "multipart/encrypted":  # RFC 3156: the second part is what its receiver opens
        return str(list(parsed.iter_parts())[-1].get_payload())
    part = parsed.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    return strip_tags(text) if part.get_content_subtype() == "html" else text
