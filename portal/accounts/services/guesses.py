"""Guesses at passwords and codes, slowed without locking the member out.

Counted in the database, so that neither an emptied cache nor a second process gives more of them. Each allowance fills
with every try and drains with time (a leaky bucket); where it is full, the try is refused before anything is hashed,
for hashing a password is slow on purpose and would itself be a weapon. A try that succeeds is taken back.

Who is counted how:

* a browser that is known for the account (`portal.accounts.known_devices`) by itself, so that an enemy elsewhere
  takes nothing from it;
* all strange browsers by their network, then together by the account they try, then together for the whole portal;
* someone who is signed in and says again who they are, by their session;
* a passkey not at all: nobody guesses one.

Nothing depends on whether there is an account at an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.core.internal.ratelimit import get_ip
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.known_devices import known_device
from portal.accounts.models import User


@dataclass(frozen=True)
class Allowance:
    """`at_once` tries at once, and one more in each `every`."""

    name: str
    at_once: int
    every: timedelta


KNOWN_DEVICE: Final = Allowance("password: known device", 10, timedelta(seconds=30))
NETWORK: Final = Allowance("password: network", 20, timedelta(seconds=10))
ACCOUNT: Final = Allowance("password: account", 5, timedelta(seconds=30))
PORTAL: Final = Allowance("password: portal", 60, timedelta(seconds=0.5))
AGAIN: Final = Allowance("again: session", 5, timedelta(minutes=1))
CODE_KNOWN_DEVICE: Final = Allowance("code: known device", 5, timedelta(minutes=1))
CODE_ACCOUNT: Final = Allowance("code: account", 5, timedelta(minutes=5))
RESET: Final = Allowance("reset: address", 3, timedelta(minutes=10))
RECORDED: Final = Allowance("record: account", 3, timedelta(minutes=20))
RECORDED_IN_ALL: Final = Allowance("record: portal", 200, timedelta(seconds=20))

# Only where it fits is the row written, and then something is returned; two at once wait for each other at the row.
_TAKE: Final = """
    INSERT INTO accounts_guesses AS bucket (key, level, at) VALUES (%(key)s, 1, %(now)s)
    ON CONFLICT (key) DO UPDATE SET
        level = greatest(0, bucket.level - greatest(0, extract(epoch FROM %(now)s - bucket.at)) / %(every)s) + 1,
        at = greatest(bucket.at, %(now)s)
    WHERE greatest(0, bucket.level - greatest(0, extract(epoch FROM %(now)s - bucket.at)) / %(every)s) + 1 <= %(most)s
    RETURNING level
"""
_GIVE_BACK: Final = "UPDATE accounts_guesses SET level = greatest(0, level - 1) WHERE key = %s"


@dataclass(frozen=True)
class Try:
    """One try that was allowed, and where it was counted."""

    counted: tuple[tuple[Allowance, str], ...]

    def take_back(self) -> None:
        """It succeeded, so it was no guess."""
        with connection.cursor() as cursor:
            for allowance, of in self.counted:
                cursor.execute(_GIVE_BACK, [_key(allowance, of)])


def take(allowance: Allowance, of: str) -> bool:
    """Count one try of `of` against the allowance; False where it is used up, and then nothing is counted."""
    values: dict[str, str | float | datetime] = {
        "key": _key(allowance, of),
        "now": timezone.now(),
        "every": allowance.every.total_seconds(),
        "most": allowance.at_once,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return cursor.fetchone() is not None


def _take_all(*wanted: tuple[Allowance, str]) -> Try | None:
    """Count in each, in this order, until one is used up. What was counted before that stays counted."""
    return Try(wanted) if all(take(allowance, of) for allowance, of in wanted) else None


def _key(allowance: Allowance, of: str) -> str:
    """Keyed, so that the table names neither people nor networks."""
    return salted_hmac(f"portal.accounts.guesses: {allowance.name}", of, algorithm="sha256").hexdigest()


def password_try(request: HttpRequest, *, email: str) -> Try | None:
    """A try to sign in as `email` by password; None where it must wait."""
    address = email.strip().lower()
    device = known_device(request, address)
    if device is not None:
        return _take_all((KNOWN_DEVICE, f"{device}"))
    return _take_all((NETWORK, network_of(request)), (ACCOUNT, address), (PORTAL, ""))


def again_try(request: HttpRequest) -> Try | None:
    """A try of someone signed in to say again who they are, by password or code; None where it must wait."""
    return _take_all((AGAIN, request.session.session_key or ""))


def code_try(request: HttpRequest, *, person: User) -> Try | None:
    """A try of whoever knows the password of `person` at a code; None where it must wait."""
    device = known_device(request, person.email)
    if device is not None:
        return _take_all((CODE_KNOWN_DEVICE, f"{device}"))
    return _take_all((CODE_ACCOUNT, f"{person.pk}"))


def reset_try(*, email: str) -> bool:
    """Whether another link to set a password may be mailed to this address now."""
    return take(RESET, email.strip().lower())


def may_be_recorded(of: str) -> bool:
    """Whether another refused try goes into the record: enough to see an attack, too few to drown all else."""
    return take(RECORDED, of) and take(RECORDED_IN_ALL, "")


def network_of(request: HttpRequest) -> str:
    """Where the request comes from: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        return str(get_ip(request))
    except PermissionDenied:  # a socket of this machine has no address
        return "here"
