"""Browsers that signed in before, and the cookie by which they are known.

A browser that is known for an account has an allowance of guesses of its own (`portal.accounts.services.guesses`), so
that an enemy who guesses from elsewhere does not lock the member out. Being known gives no other right. The cookie
holds one token for each account that signed in here, signed, so that nothing made up reaches the database; the database
holds their hashes. A token is replaced at each sign-in and deleted when the password changes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.accounts.models import KnownDevice, User

KEPT: Final = timedelta(days=180)
"""So long a browser is known after its last sign-in."""

ACCOUNTS: Final = 5
"""So many people may share one browser; the one who signed in longest ago is forgotten first."""

_SALT: Final = "portal.accounts.known_devices"
_WANTED: Final = "_known_device_tokens"


def tokens_of(request: HttpRequest) -> list[str]:
    """The tokens in the browser's cookie, latest first; [] for a cookie that we did not sign."""
    try:
        tokens = signing.loads(request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        return []
    return [str(token) for token in tokens][:ACCOUNTS] if isinstance(tokens, list) else []


def hashed(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def known_device(request: HttpRequest, email: str) -> int | None:
    """The row of this browser for whoever signs in as `email`; None where it is not known for them."""
    tokens = tokens_of(request)
    if not tokens:
        return None
    rows = KnownDevice.objects.filter(token_hash__in=map(hashed, tokens), last_used_at__gt=timezone.now() - KEPT)
    return rows.filter(person__email__iexact=email).values_list("pk", flat=True).first()


def device_remember(request: HttpRequest, person: User) -> None:
    """Know this browser for `person` from now on, by a new token; the middleware below gives it to the browser."""
    tokens = tokens_of(request)
    rows = {
        row.token_hash: row for row in KnownDevice.objects.filter(person=person, token_hash__in=map(hashed, tokens))
    }
    fresh = secrets.token_urlsafe(32)
    if rows:
        row = next(iter(rows.values()))
        KnownDevice.objects.filter(pk=row.pk).update(token_hash=hashed(fresh), last_used_at=timezone.now())
    else:
        KnownDevice.objects.create(person=person, token_hash=hashed(fresh))
    others = [token for token in tokens if hashed(token) not in rows]
    setattr(request, _WANTED, [fresh, *others][:ACCOUNTS])


def devices_forget(person: User) -> int:
    """Know no browser of `person` any more: after a changed password, or a lock-down. Returns how many there were."""
    forgotten, _by_model = KnownDevice.objects.filter(person=person).delete()
    return int(forgotten)


class KnownDeviceMiddleware:
    """Gives the cookie to a browser in which somebody has just signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        tokens: list[str] | None = getattr(request, _WANTED, None)
        if tokens is not None:
            response.set_cookie(
                settings.KNOWN_DEVICE_COOKIE_NAME,
                signing.dumps(tokens, salt=_SALT),
                max_age=int(KEPT.total_seconds()),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
