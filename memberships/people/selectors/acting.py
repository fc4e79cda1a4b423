"""Reads about who belongs to which organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from memberships.people.models import Affiliation, Role
from portal.accounts.models import User

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation


@dataclass(frozen=True)
class Acting:
    """A current affiliation as rights are asked of it: which organisation, which roles."""

    affiliation_id: int
    organisation: Organisation
    title: str
    roles: frozenset[str]

    def holds(self, role: Role) -> bool:
        """Whether the person holds `role` there now. Everyone affiliated is staff."""
        return role == Role.STAFF or role in self.roles


def current_affiliations() -> QuerySet[Affiliation]:
    """Affiliations that run now, each with `role_names`, the roles held now."""
    return Affiliation.objects.filter(until__isnull=True).annotate(
        role_names=ArrayAgg("role_terms__role", filter=Q(role_terms__until__isnull=True), default=[])
    )


def organisations_of(person: User) -> tuple[Acting, ...]:
    """For whom `person` may act now, by name of the organisation; read once for each loaded `User` (once a request)."""
    known: tuple[Acting, ...] | None = getattr(person, "_acting", None)
    if known is None:
        rows = current_affiliations().filter(person_id=person.pk).select_related("organisation__logo")
        known = tuple(
            Acting(row.pk, row.organisation, row.title, frozenset(role for role in row.role_names if role))
            for row in rows.order_by("organisation__name_sort", "pk")
        )
        person._acting = known  # type: ignore[attr-defined]
    return known


def acting_for(person: User, organisation_id: int | None) -> Acting | None:
    """The person's current affiliation to that organisation, or None."""
    return next((acting for acting in organisations_of(person) if acting.organisation.pk == organisation_id), None)


def colleagues_of(organisation: Organisation) -> QuerySet[Affiliation]:
    """The people of `organisation` now, administrators first, with their profile; for its page and its team page."""
    return (
        current_affiliations()
        .filter(organisation_id=organisation.pk, person__is_active=True)
        .select_related("person__profile")
        .order_by("person__name", "pk")
    )
