"""PGP/MIME (RFC 3156) with the subject inside (RFC 9788): outside stands nothing but who, to whom and when."""

from __future__ import annotations

from email.mime.nonmultipart import MIMENonMultipart
from typing import Any, Final

from django.core.mail.message import SafeMIMEMultipart

from portal.notifications.mails.keys import encrypted
from portal.notifications.mails.outgoing import Mail

OUTER_SUBJECT: Final = "..."
_INSIDE: Final = ("Subject", "From", "To", "Date", "Message-ID")
_STRUCTURE: Final = ("content-", "mime-version")


class SealedMail(Mail):
    """A mail that only its receiver's key opens. `closed` is the armored OpenPGP message."""

    closed: bytes = b""

    def message(self, *args: Any, **kwargs: Any) -> SafeMIMEMultipart:  # type: ignore[override]  # Django 6 has others
        """Outside: version and ciphertext, and the headers of this mail."""
        outer = SafeMIMEMultipart("encrypted", encoding="utf-8", protocol="application/pgp-encrypted")
        version = MIMENonMultipart("application", "pgp-encrypted")
        version.set_payload("Version: 1\n")
        outer.attach(version)
        content = MIMENonMultipart("application", "octet-stream", name="encrypted.asc")
        content["Content-Disposition"] = 'inline; filename="encrypted.asc"'
        content.set_payload(self.closed.decode("ascii"))
        outer.attach(content)
        outer["Subject"] = str(self.subject)
        outer["From"] = self.from_email
        outer["To"] = ", ".join(map(str, self.to))
        for name, value in self.extra_headers.items():
            outer[name] = value
        return outer


def sealed(clear: Mail, certificate: str) -> SealedMail:
    """`clear` encrypted to a key, content and subject. Raises KeyRefused where that can no longer be done."""
    outer = SealedMail(OUTER_SUBJECT, "", clear.from_email, clear.to, headers=_outer_headers(clear))
    outer.person_id, outer.even_when_held = clear.person_id, clear.even_when_held
    inner = clear.message()
    for name in list(inner.keys()):
        if not name.lower().startswith(_STRUCTURE) and name not in _INSIDE:
            del inner[name]
    inner.set_param("hp", "cipher")
    inner.set_param("protected-headers", "v1")  # what mail programs understood before RFC 9788
    for name, value in outer.message().items():
        if not name.lower().startswith(_STRUCTURE):
            inner["HP-Outer"] = " ".join(f"{name}: {value}".split())
    outer.closed = encrypted(certificate, inner.as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own
    return outer


def _outer_headers(clear: Mail) -> dict[str, str]:
    """The headers of the mail but for its language, which says something about who reads it."""
    return {name: value for name, value in clear.extra_headers.items() if not name.lower().startswith(_STRUCTURE)}
