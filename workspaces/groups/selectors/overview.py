"""All groups as the Secretariat sees them: how much happens where, what is due, who takes part.

How much, never what: sections give bare numbers (`Section.activity`), and nothing else is asked of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from memberships.organisations.models import Organisation, Region, Standing
from memberships.organisations.selectors.standing import on_day
from portal.registry import Text
from workspaces.groups.models import OrganisationParticipation, Workspace
from workspaces.groups.registry import sections
from workspaces.groups.selectors.participation import current_organisations, current_participations, today

COUNTED_DAYS: Final = 30
DORMANT_DAYS: Final = 60
DUE_DAYS: Final = 30
"""What is to be reviewed or ends within so many days, or should have, is due."""

SHOWN: Final = ("active", "dormant", "due", "proposed", "dissolved")
SORTS: Final = ("activity", "name", "organisations", "review")


@dataclass(frozen=True)
class OverviewRow:
    """One group with its numbers. `activity`: label of the section and how much happened there lately."""

    workspace: Workspace
    organisations: int
    people: int
    activity: Sequence[tuple[Text, int]]
    now: datetime

    @property
    def happened(self) -> int:
        """How much happened in all sections together."""
        return sum(count for _label, count in self.activity)

    @property
    def is_dormant(self) -> bool:
        """Whether nothing happened for so long that somebody should ask."""
        return self.workspace.is_active and self.now - self.workspace.active_at > timedelta(days=DORMANT_DAYS)

    @property
    def due_on(self) -> date | None:
        """The earlier of review and end date."""
        return min((day for day in (self.workspace.review_on, self.workspace.ends_on) if day), default=None)

    @property
    def is_due(self) -> bool:
        """Whether that day is near or past."""
        return self.workspace.is_active and self.due_on is not None and self.due_on <= _near()


@dataclass(frozen=True)
class RegionRow:
    """How many of a region's members take part in any group."""

    label: str
    taking_part: int
    members: int
    groups: int


def _near() -> date:
    return today() + timedelta(days=DUE_DAYS)


def overview_counts() -> Mapping[str, int]:
    """How many groups each choice of the page shows; one query."""
    return Workspace.objects.aggregate(**{name: Count("pk", filter=_which(name)) for name in SHOWN})


def _which(name: str) -> Q:
    active = Q(state=Workspace.State.ACTIVE)
    near = _near()
    return {
        "active": active,
        "dormant": active & Q(active_at__lt=timezone.now() - timedelta(days=DORMANT_DAYS)),
        "due": active & (Q(review_on__lte=near) | Q(ends_on__lte=near)),
        "proposed": Q(state=Workspace.State.PROPOSED),
        "dissolved": Q(state=Workspace.State.DISSOLVED),
    }[name]


def overview_rows(shown: str, sort: str) -> list[OverviewRow]:
    """The groups that `shown` names, in the order of `sort`; one query and one for each section."""
    groups = list(_with_numbers(Workspace.objects.filter(_which(shown))))
    now = timezone.now()
    since = now - timedelta(days=COUNTED_DAYS)
    ids = [one.pk for one in groups]
    counted = [(section.label, section.activity(ids, since)) for section in sections if section.activity]
    rows = [
        OverviewRow(
            workspace=one,
            organisations=one.organisations_here or 0,  # type: ignore[attr-defined]  # annotations
            people=one.people_here or 0,  # type: ignore[attr-defined]
            activity=[(label, counts.get(one.pk, 0)) for label, counts in counted],
            now=now,
        )
        for one in groups
    ]
    return sorted(rows, key=lambda row: _key(row, sort))


def _with_numbers(groups: QuerySet[Workspace]) -> QuerySet[Workspace]:
    organisations = current_organisations().filter(workspace_id=OuterRef("pk")).order_by().values("workspace_id")
    people = current_participations().filter(workspace_id=OuterRef("pk")).order_by().values("workspace_id")
    return groups.select_related("proposed_for").annotate(
        organisations_here=Subquery(organisations.annotate(n=Count("pk")).values("n")),
        people_here=Subquery(people.annotate(n=Count("pk")).values("n")),
    )


def _key(row: OverviewRow, sort: str) -> tuple[object, ...]:
    name = (row.workspace.name.casefold(), row.workspace.pk)
    return {
        "activity": (-row.happened, -row.workspace.active_at.timestamp(), *name),
        "name": name,
        "organisations": (-row.organisations, *name),
        "review": (row.due_on or date.max, *name),
    }[sort]


def regions_taking_part() -> list[RegionRow]:
    """By region: how many full members there are, how many take part in an active group, and in how many groups."""
    members = Counter(_full_members().values_list("region", flat=True))
    pairs = set(_active_pairs().values_list("organisation_id", "organisation__region"))
    groups = set(_active_pairs().values_list("workspace_id", "organisation__region"))
    taking, where = Counter(region for _pk, region in pairs), Counter(region for _pk, region in groups)
    return [
        RegionRow(str(region.label), taking[region.value], members[region.value], where[region.value])
        for region in Region
    ]


def organisations_by_groups() -> QuerySet[Organisation]:
    """Full members in active groups with `groups_count`, in how many, most first."""
    here = _active_pairs().filter(organisation_id=OuterRef("pk")).order_by().values("organisation_id")
    return (
        _full_members()
        .select_related("logo")
        .annotate(groups_count=Subquery(here.annotate(n=Count("pk")).values("n")))
        .filter(groups_count__gt=0)
        .order_by("-groups_count", "name_sort", "pk")
    )


def organisations_nowhere() -> int:
    """How many full members take part in no active group."""
    here = _active_pairs().filter(organisation_id=OuterRef("pk"))
    return _full_members().filter(~Exists(here)).count()


def _full_members() -> QuerySet[Organisation]:
    full = Standing.objects.filter(on_day(today()), organisation=OuterRef("pk"), kind=Standing.Kind.FULL)
    return Organisation.objects.filter(Exists(full))


def _active_pairs() -> QuerySet[OrganisationParticipation]:
    return current_organisations().filter(workspace__state=Workspace.State.ACTIVE)
