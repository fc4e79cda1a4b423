"""The key of a write: where it stands in a request, what it may look like, and the secrets that are made of it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes

FIELD: Final = "idempotency_key"
HEADER: Final = "Idempotency-Key"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110, section 9.2.1
# Visible ASCII without what separates or quotes values of headers.
SHAPE: Final = re.compile(r"[!#-+\-.-:<-\[\]-~]{16,100}")
BROWSER: Final = "browser:"
NONCE: Final = 12  # bytes, as NIST SP 800-38D recommends for GCM


class UnusableKey(ValueError):
    """Too short, too long, of other characters, or more than one."""


def new_key() -> str:
    """128 random bits for one form or one command."""
    return secrets.token_urlsafe(16)


def checked(key: str) -> str:
    """`key` as it came. Raises UnusableKey where it is none."""
    if not SHAPE.fullmatch(key):
        raise UnusableKey
    return key


def key_of(request: HttpRequest) -> str | None:
    """The key that a request carries in the form's hidden field or in the header; None where it carries none.

    The header is that of draft-ietf-httpapi-idempotency-key-header; its quotes may be left out. Both may be given if
    they are the same. Raises UnusableKey.
    """
    header = request.headers.get(HEADER, "").strip()
    if len(header) > 1 and header[0] == header[-1] == '"':
        header = header[1:-1]
    given = {key for key in (*request.POST.getlist(FIELD), header) if key}
    if len(given) > 1:
        raise UnusableKey
    return checked(given.pop()) if given else None


def digest_of_owner(owner: str) -> bytes:
    """What stands in the database for an owner: "person:12", or "browser:" and its cookie's value."""
    return hmac.digest(force_bytes(settings.SECRET_KEY), b"portal.idempotency owner\0" + owner.encode(), "sha256")


def owner_of(request: HttpRequest) -> str | None:
    """Whose key it is: the signed-in person's; else that of the browser with this cookie; None without either.

    A browser is known by the cookie that protects its forms, which no other browser has and which changes when
    somebody signs in. What cannot be bound to anybody is never kept, so nobody can be given another's answer.
    """
    user = getattr(request, "user", None)
    return f"person:{user.pk}" if user is not None and user.is_authenticated else browser_of(request)


def browser_of(request: HttpRequest) -> str | None:
    """The owner that the request's browser is while nobody is signed in there."""
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    return f"{BROWSER}{cookie}" if cookie else None


@dataclass(frozen=True)
class Seal:
    """The secrets of one key of one owner. Without the key, which is kept nowhere, none of them can be made again."""

    owner: str
    key: str

    @cached_property
    def _root(self) -> bytes:
        message = b"\0".join((b"portal.idempotency key", self.owner.encode(), self.key.encode()))
        return hmac.digest(force_bytes(settings.SECRET_KEY), message, "sha256")

    def _secret(self, purpose: bytes) -> bytes:
        return hmac.digest(self._root, purpose, "sha256")

    @cached_property
    def owner_digest(self) -> bytes:
        """`Write.owner`"""
        return digest_of_owner(self.owner)

    @cached_property
    def key_digest(self) -> bytes:
        """`Write.key`"""
        return self._secret(b"name")

    def printer(self) -> hmac.HMAC:
        """A digest to be fed with what was sent. Keyed, so that no password can be guessed from a copy of the table."""
        return hmac.new(self._secret(b"fingerprint"), digestmod=hashlib.sha256)

    def close(self, content: bytes) -> bytes:
        """`content` encrypted and bound to this key."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self._secret(b"answer")).encrypt(nonce, content, self.key_digest)

    def open(self, closed: bytes) -> bytes:
        """What `close` closed. Raises ValueError where it was tampered with."""
        try:
            return AESGCM(self._secret(b"answer")).decrypt(closed[:NONCE], closed[NONCE:], self.key_digest)
        except InvalidTag as error:
            raise ValueError("a kept answer was tampered with") from error
