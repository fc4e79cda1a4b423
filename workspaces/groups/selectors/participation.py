"""Who takes part now.

A right to be in a group comes from somewhere else and ends with that, at once: an organisation's people from their
affiliation and from the organisation's own participation, people for themselves from belonging to the network, guests
from their last day. So nothing has to be tidied for a right to end; whoever asks, asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from memberships.organisations.models import Organisation
from memberships.people.models import Affiliation
from memberships.people.selectors import organisations_of
from portal.access.models import NetworkUserObjectPermission
from portal.access.roles import SECRETARIAT
from portal.accounts.models import User
from workspaces.groups.models import FACILITATE, OrganisationParticipation, Participation, Workspace, WorkspaceGrant


@dataclass(frozen=True)
class Place:
    """A person's place in a workspace now."""

    participation_id: int
    number: int
    workspace_id: int
    slug: str  # of the workspace, for its address
    organisation: Organisation | None
    facilitates: bool
    is_guest: bool
    guest_from: str
    ends_on: date | None
    since: datetime
    visited_at: datetime | None
    seen_at: datetime | None


def today() -> date:
    """The current UTC calendar day: guests' last days are counted in UTC."""
    return datetime.now(UTC).date()


@lru_cache(maxsize=2)
def _still_there(day: date) -> Q:
    """Those of the rows without an end whose ground still holds on that UTC day. Asked for by every page, so what is
    the same all day is made once."""
    affiliated = Affiliation.objects.filter(person_id=OuterRef("person_id"), until__isnull=True)
    named = affiliated.filter(organisation_id=OuterRef("organisation_id"))
    taking_part = OrganisationParticipation.objects.filter(
        workspace_id=OuterRef("workspace_id"), organisation_id=OuterRef("organisation_id"), until__isnull=True
    )
    secretariat = NetworkUserObjectPermission.objects.filter(
        user_id=OuterRef("person_id"), permission__codename=SECRETARIAT
    )
    return (
        (Q(is_guest=True) & Q(ends_on__gte=day))
        | (Q(is_guest=False, organisation__isnull=True) & (Q(Exists(affiliated)) | Q(Exists(secretariat))))
        | (Q(is_guest=False, organisation__isnull=False) & Q(Exists(named)) & Q(Exists(taking_part)))
    )


def current_participations() -> QuerySet[Participation]:
    """The participations that give a right now; their people have open accounts."""
    return Participation.objects.filter(_still_there(today()), until__isnull=True, person__is_active=True)


def people_in(workspace: Workspace) -> QuerySet[User]:
    """Everybody who takes part in `workspace` now."""
    there = current_participations().filter(workspace_id=workspace.pk)
    return User.objects.filter(pk__in=there.values("person_id")).order_by("pk")


def current_organisations() -> QuerySet[OrganisationParticipation]:
    """The organisations that take part now."""
    return OrganisationParticipation.objects.filter(until__isnull=True)


ORGANISATION_NAME: Final[Mapping[str, str]] = {
    "organisation_id": "organisation_id",
    "name": "organisation__name",
    "native_name": "organisation__native_name",
    "native_language": "organisation__native_language",
}
"""Of a participation, for a JSON object: what `organisation_name` makes the name from."""


def organisation_name(told: Mapping[str, Any]) -> str:
    """What the organisation of a participation is called in the active language, read as `ORGANISATION_NAME`."""
    return Organisation(**{name: told[name] for name in ("name", "native_name", "native_language")}).display_name


def with_organisations(workspaces: QuerySet[Workspace]) -> QuerySet[Workspace]:
    """Each with what `organisations_there` and `at_risk_there` ask, as it was when it was read."""
    there = current_organisations().filter(workspace_id=OuterRef("pk")).order_by().values("organisation_id")
    return workspaces.annotate(
        organisation_ids=ArraySubquery(there),
        organisation_ids_at_risk=ArraySubquery(there.filter(organisation__at_risk=True)),
    )


def organisations_there(workspace: Workspace) -> set[int]:
    """The organisations that take part, by id: as the group was read with them, or now."""
    return _organisation_ids(workspace, "organisation_ids", Q())


def at_risk_there(workspace: Workspace) -> set[int]:
    """Those of them that are at risk."""
    return _organisation_ids(workspace, "organisation_ids_at_risk", Q(organisation__at_risk=True))


def _organisation_ids(workspace: Workspace, read_as: str, which: Q) -> set[int]:
    known: list[int] | None = getattr(workspace, read_as, None)
    if known is not None:
        return set(known)
    there = current_organisations().filter(which, workspace_id=workspace.pk)
    return set(there.values_list("organisation_id", flat=True))


def facilitates() -> Exists:
    """Whether the person of a participation holds the facilitator's role there; for an annotation."""
    return Exists(
        WorkspaceGrant.objects.filter(
            user_id=OuterRef("person_id"), content_object_id=OuterRef("workspace_id"), permission__codename=FACILITATE
        )
    )


def places_of(person: User) -> dict[int, Place]:
    """Where `person` takes part now, by workspace id; read once for each loaded `User` (once a request)."""
    known: dict[int, Place] | None = getattr(person, "_places", None)
    if known is None:
        rows = current_participations().filter(person_id=person.pk)
        rows = rows.annotate(facilitates=facilitates(), slug=F("workspace__slug")).order_by("pk")
        # Whoever is there for an organisation belongs to it, and to whom they belong is known to every page.
        own = {acting.organisation.pk: acting.organisation for acting in organisations_of(person)}
        known = {
            row.workspace_id: _place(row, own.get(row.organisation_id) if row.organisation_id else None)
            for row in rows
            if row.organisation_id is None or row.organisation_id in own
        }
        person._places = known  # type: ignore[attr-defined]
    return known


def _place(row: Participation, organisation: Organisation | None) -> Place:
    return Place(
        participation_id=row.pk,
        number=row.number,
        workspace_id=row.workspace_id,
        slug=row.slug,  # type: ignore[attr-defined]  # an annotation
        organisation=organisation,
        facilitates=row.facilitates and not row.is_guest,  # type: ignore[attr-defined]  # an annotation
        is_guest=row.is_guest,
        guest_from=row.guest_from,
        ends_on=row.ends_on,
        since=row.since,
        visited_at=row.visited_at,
        seen_at=row.seen_at,
    )


def place_in(person: User, workspace: Workspace) -> Place | None:
    """The person's place in `workspace` now, or None."""
    return places_of(person).get(workspace.pk)


def taking_part_for(person: User, workspace: Workspace) -> Organisation | None:
    """For which organisation `person` takes part in `workspace` now: it is recorded with what they do there."""
    place = place_in(person, workspace)
    return place.organisation if place is not None else None


def forget_places(person: User) -> None:
    """Let the next question about where this loaded `User` takes part read the database again."""
    # delattr, for `request.user` is a proxy whose own __dict__ is not the person's.
    if hasattr(person, "_places"):
        delattr(person, "_places")


def facilitators_of(workspace: Workspace) -> QuerySet[User]:
    """The people who facilitate `workspace` and take part in it now."""
    there = current_participations().filter(workspace_id=workspace.pk, is_guest=False)
    held = WorkspaceGrant.objects.filter(content_object_id=workspace.pk, permission__codename=FACILITATE)
    return get_user_model().objects.filter(pk__in=there.values("person_id")).filter(pk__in=held.values("user_id"))
