"""Questions about network-wide roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from portal.access import roles
from portal.access.factors import has_second_factor

if TYPE_CHECKING:
    from portal.accounts.models import User


def is_secretariat(person: User | AnonymousUser) -> bool:
    """Whether `person` runs the network as staff of the Secretariat now: holds the role and a second factor."""
    return is_of_secretariat(person) and has_second_factor(person)  # type: ignore[arg-type]  # nobody anonymous is


def is_of_secretariat(person: User | AnonymousUser) -> bool:
    """Whether `person` holds the Secretariat's role, even if they cannot use it: for what is told, never for rights."""
    return _holds(roles.SECRETARIAT, person)


def is_guest(person: User | AnonymousUser) -> bool:
    """Whether `person` visits from outside the network."""
    return _holds(roles.GUEST, person)


def secretariat() -> QuerySet[User]:
    """The people of the Secretariat, those included who cannot use the role yet."""
    return roles.holders(roles.SECRETARIAT)


def _holds(role: str, person: User | AnonymousUser) -> bool:
    return not isinstance(person, AnonymousUser) and person.is_active and role in roles.network_roles(person)
