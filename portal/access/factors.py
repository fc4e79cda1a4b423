"""No factor, no role: whoever holds a role that others rely on can use it only with a second factor.

Asked here, where rights begin, because the floor's accounts stand above this room. An authenticator app or a passkey
is a second factor; recovery codes are not, for they only stand in for one that is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User

TYPES: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_KNOWN: Final = "_has_second_factor"


def of(person: str) -> Exists:
    """Whether the person to whom the lookup `person` leads has a second factor; for queries that load roles."""
    return Exists(Authenticator.objects.filter(user_id=OuterRef(person), type__in=TYPES))


def has_second_factor(person: User) -> bool:
    """Whether `person` has a second factor; read at most once for each loaded `User`, mostly with their roles."""
    known: bool | None = getattr(person, _KNOWN, None)
    if known is None:
        known = Authenticator.objects.filter(user_id=person.pk, type__in=TYPES).exists()
        remember(person, known)
    return known


def remember(person: User, has_factor: bool) -> None:
    """Spare the next question: a query that loaded roles said so."""
    setattr(person, _KNOWN, has_factor)


def forget(person: User) -> None:
    """Let the next question read the database again."""
    # delattr, for `request.user` is a proxy whose own __dict__ is not the person's.
    if hasattr(person, _KNOWN):
        delattr(person, _KNOWN)


def awaits_factor(person: User) -> bool:
    """Whether `person` holds a role that they cannot use before they have a second factor."""
    return any(role.held_by(person) for role in announced.privileged_roles) and not has_second_factor(person)
