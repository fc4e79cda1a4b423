"""The people of one organisation, and organisations that nobody keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from memberships.people.models import Affiliation, AffiliationInvitation, Role, RoleTerm
from memberships.people.selectors.acting import current_affiliations
from portal.accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Collection

    from memberships.organisations.models import Organisation

HISTORY_SHOWN: Final = 20
"""So many lines of the history are shown at first."""

_ORDER: Final = tuple(Role.values)


@dataclass(frozen=True)
class TeamMember:
    """One colleague as the team page shows them; `terms` are the running terms, in the order of `Role`."""

    affiliation: Affiliation
    terms: tuple[RoleTerm, ...]

    @property
    def roles(self) -> frozenset[str]:
        """The roles held now; nobody's list names that they are staff."""
        return frozenset(term.role for term in self.terms)


@dataclass(frozen=True)
class Turn:
    """One line of a team's history: `person` came, left, got or gave up `role` at `at`, by `by` where it is known."""

    at: datetime
    person: User
    by: User | None
    began: bool
    role: str  # empty: the affiliation itself
    title: str

    @property
    def role_label(self) -> str:
        """The role in the active language, empty for the affiliation itself."""
        return str(Role(self.role).label) if self.role else ""


def organisations() -> QuerySet[Organisation]:
    """All organisations, reached by name: they stand above people, who therefore cannot import them."""
    return apps.get_model("organisations", "Organisation")._default_manager.all()


def organisation_by_slug(slug: str) -> Organisation | None:
    """The organisation at that address, with its logo, or None. It says nothing about who may see what of it."""
    return organisations().select_related("logo").filter(slug=slug).first()


def colleagues_of(organisation: Organisation) -> QuerySet[Affiliation]:
    """The people of `organisation` now by name, with their profile.

    For its own people and the Secretariat. What others see of them is `policies.visible_affiliations`.
    """
    return (
        current_affiliations()
        .filter(organisation_id=organisation.pk, person__is_active=True)
        .select_related("person__profile")
        .order_by("person__profile__name_sort", "person__name", "pk")
    )


def team_of(organisation: Organisation) -> list[TeamMember]:
    """The people of `organisation` now with the terms of their roles, administrators first, then by name; 2 queries."""
    running = RoleTerm.objects.filter(until__isnull=True).order_by("since", "pk")
    rows = colleagues_of(organisation).prefetch_related(Prefetch("role_terms", queryset=running, to_attr="running"))
    team = [TeamMember(row, tuple(sorted(row.running, key=lambda term: _ORDER.index(term.role)))) for row in rows]
    return sorted(team, key=lambda member: Role.ADMINISTRATOR not in member.roles)


def administrators_of(organisation: Organisation) -> QuerySet[User]:
    """Who keeps the organisation's profile and team now. Someone whose account is closed keeps nothing."""
    return User.objects.filter(is_active=True, pk__in=_administration([organisation.pk]).values("affiliation__person"))


def _administration(organisation_ids: Collection[int] | None = None) -> QuerySet[RoleTerm]:
    terms = RoleTerm.objects.filter(
        role=Role.ADMINISTRATOR,
        until__isnull=True,
        affiliation__until__isnull=True,
        affiliation__person__is_active=True,
    )
    return terms if organisation_ids is None else terms.filter(affiliation__organisation_id__in=organisation_ids)


def kept_by_one(organisation_ids: Collection[int]) -> frozenset[int]:
    """Which of these organisations have exactly one administrator."""
    counted = _administration(organisation_ids).values("affiliation__organisation").annotate(kept_by=Count("pk"))
    return frozenset(counted.filter(kept_by=1).values_list("affiliation__organisation", flat=True))


def organisations_without_administrator() -> QuerySet[Organisation]:
    """Organisations of the network that nobody keeps now, by name.

    Each with `people_count`, the people they have, and `left_at`, when their last administrator's term ended
    (None where they never had one). Those that are no longer members are left out.
    """
    today = timezone.now().date()
    all_organisations = organisations()
    standing = all_organisations.model._meta.get_field("standings").related_model
    former = standing._default_manager.filter(
        Q(since__isnull=True) | Q(since__lte=today), Q(until__isnull=True) | Q(until__gt=today),
        organisation=OuterRef("pk"), kind="former",
    )  # fmt: skip
    kept = _administration().filter(affiliation__organisation=OuterRef("pk"))
    present = Q(affiliations__until__isnull=True, affiliations__person__is_active=True)
    return (
        all_organisations.filter(~Exists(kept), ~Exists(former))
        .select_related("logo")
        .annotate(
            people_count=Count("affiliations", filter=present, distinct=True),
            left_at=Max("affiliations__role_terms__until", filter=Q(affiliations__role_terms__role=Role.ADMINISTRATOR)),
        )
        .order_by("name_sort", "pk")
    )


def invitations_of(organisation: Organisation) -> QuerySet[AffiliationInvitation]:
    """Invitations to the organisation that still wait or have run out unanswered, latest first."""
    return (
        AffiliationInvitation.objects.filter(
            organisation_id=organisation.pk,
            invitation__accepted_at__isnull=True,
            invitation__revoked_at__isnull=True,
        )
        .select_related("invitation__invited_by")
        .order_by("-invitation__created_at", "-pk")
    )


def invitations_with_backing(organisation: Organisation) -> list[tuple[AffiliationInvitation, bool]]:
    """`invitations_of`, each with whether its sender may still invite; without that it can no longer be accepted."""
    keepers = frozenset(administrators_of(organisation).values_list("pk", flat=True))
    return [(terms, terms.invitation.invited_by_id in keepers) for terms in invitations_of(organisation)]


def invitations_expiring(organisation_ids: Collection[int], *, before: datetime) -> QuerySet[AffiliationInvitation]:
    """Open invitations to these organisations that run out before `before` (timezone-aware)."""
    return (
        AffiliationInvitation.objects.filter(
            organisation_id__in=organisation_ids,
            invitation__accepted_at__isnull=True,
            invitation__revoked_at__isnull=True,
            invitation__expires_at__gt=timezone.now(),
            invitation__expires_at__lte=before,
        )
        .select_related("invitation", "organisation")
        .order_by("invitation__expires_at", "pk")
    )


def history_of(organisation: Organisation) -> list[Turn]:
    """Who came and left, who got and gave up which role, latest first; 2 queries."""
    affiliations = (
        Affiliation.objects.filter(organisation_id=organisation.pk)
        .select_related("person", "started_by", "ended_by")
        .prefetch_related(Prefetch("role_terms", queryset=RoleTerm.objects.select_related("given_by", "ended_by")))
    )
    turns: list[Turn] = []
    for row in affiliations:
        turns.append(Turn(row.since, row.person, row.started_by, True, "", row.title))
        if row.until:
            turns.append(Turn(row.until, row.person, row.ended_by, False, "", row.title))
        for term in row.role_terms.all():
            turns.append(Turn(term.since, row.person, term.given_by, True, term.role, ""))
            # A role that ended because the person left needs no line of its own.
            if term.until and term.until != row.until:
                turns.append(Turn(term.until, row.person, term.ended_by, False, term.role, ""))
    return sorted(turns, key=lambda turn: (turn.at, bool(turn.role)), reverse=True)
