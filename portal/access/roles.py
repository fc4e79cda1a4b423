"""Roles on containers: plain names for sets of permissions, stored by guardian as grants.

This package is the only one that knows guardian. A container is a model with direct-foreign-key permission tables
(see `Network`); what lies in a container asks its container and never has grants of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from guardian.shortcuts import assign_perm, remove_perm

from portal.access import factors
from portal.access.models import Network, NetworkUserObjectPermission

if TYPE_CHECKING:
    from portal.accounts.models import User

SECRETARIAT = "act_as_secretariat"
GUEST = "visit_as_guest"


def network() -> Network:
    """The one network."""
    return Network.objects.get_or_create(only_one=True, defaults={"name": "Plenary"})[0]


def grant(role: str, person: User, container: Model) -> None:
    """Give `person` the role on `container`; giving it twice changes nothing."""
    assign_perm(role, person, container)


def revoke(role: str, person: User, container: Model) -> None:
    """Take the role from `person`; taking what is not held changes nothing."""
    remove_perm(role, person, container)


def network_roles(person: User) -> frozenset[str]:
    """The network-wide roles that `person` holds, read once for each loaded `User` object (so: once a request).

    Whether they can use them is asked by the policies: see `portal.access.factors`.
    """
    known: frozenset[str] | None = getattr(person, "_network_roles", None)
    if known is None:
        held = NetworkUserObjectPermission.objects.filter(user_id=person.pk)
        rows = list(held.values_list("permission__codename", factors.of("user_id")))
        for _role, has_factor in rows[:1]:
            factors.remember(person, has_factor)
        known = remember_roles(person, [role for role, _has_factor in rows])
    return known


def role_names(person: str) -> ArraySubquery:
    """The network-wide roles of the person to whom the lookup `person` leads; for queries that load people."""
    held = NetworkUserObjectPermission.objects.filter(user_id=OuterRef(person))
    return ArraySubquery(held.values("permission__codename"))


def remember_roles(person: User, roles: Iterable[str]) -> frozenset[str]:
    """Spare the next question for their roles: a query that loaded the person said so."""
    known = frozenset(roles)
    person._network_roles = known  # type: ignore[attr-defined]
    return known


def holders(role: str) -> QuerySet[User]:
    """Active people who hold a network-wide role."""
    held = NetworkUserObjectPermission.objects.filter(permission__codename=role)
    return get_user_model().objects.filter(pk__in=held.values("user_id"), is_active=True)
