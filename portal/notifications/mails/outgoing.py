"""Handing a mail to the mail server, and understanding its answer."""

from __future__ import annotations

import re
import smtplib
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone

from portal.notifications.models import ReturnedMail
from portal.notifications.selectors import is_held
from portal.tasks.retry import Held

_ENHANCED: Final = re.compile(r"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")
# RFC 5321: no such mailbox, not here, name not allowed. Where the server is exact (RFC 3463): address, mailbox.
_NO_MAILBOX: Final = frozenset({550, 551, 553})
_ABOUT_ADDRESS: Final = ("5.1.", "5.2.")


class ServerRefused(Exception):
    """The mail server did not take a mail; it is tried again. Neither addresses nor the server's words are in it."""


class Mail(EmailMultiAlternatives):
    """A mail that is ready to leave. `person_id` is whose it is, None for somebody without an account.

    `refused` says after `send()` how the server refused the address for good, e.g. "550 5.1.1"; "" where it did not.
    """

    person_id: int | None = None
    even_when_held: bool = False
    refused: str = ""

    def send(self, fail_silently: bool = False) -> int:  # type: ignore[override]  # as in Django 5.2
        """Give it to the mail server. Returns 1, or 0 where the address was refused for good, which is noted.

        Raises Held while somebody holds this person's mails, and whatever keeps the server from taking it now.
        """
        if self.person_id is not None and not self.even_when_held and is_held(self.person_id):
            raise Held
        try:
            sent = super().send(fail_silently=fail_silently)
        except smtplib.SMTPRecipientsRefused as error:
            self._answered(*_first(error.recipients))
            return 0
        except smtplib.SMTPResponseException as error:
            # What it thinks of us, of our password or of the sender, is for the operator to put right.
            if isinstance(error, smtplib.SMTPDataError):
                self._answered(error.smtp_code, error.smtp_error)
                return 0
            raise ServerRefused(str(error.smtp_code)) from None
        ReturnedMail.objects.filter(email=self._address).delete()
        return sent

    @property
    def _address(self) -> str:
        return self.to[0].lower()

    def _answered(self, code: int, words: bytes | str) -> None:
        """Note an address that is refused for good. Raises ServerRefused for any other refusal."""
        text = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
        exact = _ENHANCED.search(text)
        known_as = f"{code} {exact[0]}" if exact else str(code)
        if not _is_for_good(code, exact[0] if exact else ""):
            raise ServerRefused(known_as) from None
        self.refused = known_as
        now = timezone.now()
        row, created = ReturnedMail.objects.get_or_create(
            email=self._address, defaults={"person_id": self.person_id, "code": known_as}
        )
        if not created:
            again: dict[str, Any] = {"person_id": self.person_id, "code": known_as, "at": now, "times": F("times") + 1}
            ReturnedMail.objects.filter(pk=row.pk).update(**again)


def _is_for_good(code: int, exact: str) -> bool:
    """Whether an answer says that the address takes no mail. Refusals for policy are not the address's fault."""
    if not 500 <= code <= 599:
        return False
    return exact.startswith(_ABOUT_ADDRESS) if exact else code in _NO_MAILBOX


def _first(refused: dict[str, tuple[int, bytes]]) -> tuple[int, bytes]:
    """The answer about the one recipient that our mails have."""
    return next(iter(refused.values()))
