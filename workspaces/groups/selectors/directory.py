"""The directory of groups as one reader may know it.

Everything begins with `policies.visible_to`: of what it leaves out nothing is counted, sorted or named. That an
organisation takes part is known as in `policies.organisations_shown`; where it comes from is known only of those whose
facts the reader may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from memberships.organisations.models import Alliance, Region
from memberships.organisations.policies import own_ids
from memberships.organisations.selectors import alliance_links
from memberships.people.policies import is_in_network
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.lists.bitsets import Facets, MaskBuilder
from portal.lists.filters import BEST_MATCH
from portal.lists.options import FacetShown, options_of
from portal.search.folding import sort_key
from portal.search.selectors import matching, ranked
from portal.ui.names import language_name
from workspaces.groups import policies
from workspaces.groups.filters import MINE, GroupFilter
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_organisations, places_of

SOURCE: Final = "group"
_TEXTS: Final = tuple(f"purpose_{code}" for code in Workspace.LANGUAGES)
_OPEN: Final = frozenset({"mine", "kind", "region"})
_LISTED: Final = (Workspace.State.ACTIVE, Workspace.State.PROPOSED)


@dataclass(frozen=True)
class GroupRow:
    """One group in the list."""

    workspace: Workspace
    organisations: int
    mine: bool
    unread: int


class GroupDirectory:
    """What the list of one reader is counted with; four queries."""

    def __init__(self, reader: User) -> None:
        self.reader = reader
        known = policies.visible_to(reader).defer(*_TEXTS).select_related("alliance")
        self.groups: Sequence[Workspace] = sorted(known, key=lambda one: (sort_key(one.name), one.pk))
        self.mine = places_of(reader)
        self.alliances: dict[str, Alliance] = {}
        self.organisations: Mapping[int, set[int]] = {}
        self.facets = self._counted()

    def _counted(self) -> Facets:
        builder = MaskBuilder(GroupFilter.facet_names, len(self.groups))
        regions, alliances = self._of_organisations()
        for place, one in enumerate(self.groups):
            builder.add("mine", MINE if one.pk in self.mine else "", place)
            builder.add("kind", one.kind, place)
            builder.add("visibility", one.visibility, place)
            builder.add("state", one.state, place)
            for facet, values in (
                ("language", one.languages),
                ("region", regions[one.pk]),
                ("alliance", alliances[one.pk] | self._own_alliance(one)),
            ):
                for value in sorted(set(values)):
                    builder.add(facet, value, place)
        masks = builder.masks()
        states = masks["state"]
        listed = 0
        for state in _LISTED:
            listed |= states.get(state, 0)
        return Facets([one.pk for one in self.groups], masks, {"state": listed})

    def _own_alliance(self, workspace: Workspace) -> set[str]:
        if workspace.alliance is None:
            return set()
        self.alliances[workspace.alliance.slug] = workspace.alliance
        return {workspace.alliance.slug}

    def _of_organisations(self) -> tuple[Mapping[int, set[str]], Mapping[int, set[str]]]:
        """Regions and alliances of the organisations in each group, and which organisations those are."""
        own, everything = set(own_ids(self.reader)), is_secretariat(self.reader)
        in_network = is_in_network(self.reader)
        there: dict[int, set[int]] = defaultdict(set)
        regions: dict[int, set[str]] = defaultdict(set)
        alliances: dict[int, set[str]] = defaultdict(set)
        by_organisation = self._alliances_of() if in_network else {}
        pairs = current_organisations().filter(workspace__in=policies.visible_to(self.reader).values("pk"))
        values = ("workspace_id", "organisation_id", "organisation__at_risk", "organisation__region")
        for group, organisation, at_risk, region in pairs.values_list(*values):
            facts = everything or not at_risk or organisation in own
            if not facts and group not in self.mine:
                continue
            there[group].add(organisation)
            if facts and in_network:
                regions[group].add(region)
                alliances[group] |= by_organisation.get(organisation, set())
        self.organisations = there
        return regions, alliances

    def _alliances_of(self) -> Mapping[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for link in alliance_links(self.reader).select_related("alliance"):
            self.alliances[link.alliance.slug] = link.alliance
            found[link.organisation_id].add(link.alliance.slug)
        return found

    def label_of(self, facet: str, value: str) -> str:
        """The label of one value of a facet, in the active language."""
        if facet == "alliance":
            return self.alliances[value].name
        if facet == "language":
            return language_name(value)
        return str(_LABELS[facet](value))


_LABELS: Final[Mapping[str, Callable[[str], object]]] = {
    "mine": lambda _value: _("Groups I take part in"),
    "kind": lambda value: Workspace.Kind(value).label,
    "region": lambda value: Region(value).label,
    "visibility": lambda value: Workspace.Visibility(value).label,
    "state": lambda value: Workspace.State(value).label,
}


@dataclass(frozen=True)
class GroupsFound:
    """What an address asks for."""

    directory: GroupDirectory
    filters: GroupFilter
    ranking: Sequence[int]  # ids by how well they match the text; empty where there is none

    @property
    def within(self) -> int:
        """Those that match the text."""
        facets = self.directory.facets
        return facets.of_ids(self.ranking) if self.filters.text else facets.everyone

    @cached_property
    def bits(self) -> int:
        """The set of those found."""
        return self.directory.facets.chosen_set(self.filters.chosen, within=self.within)

    @property
    def total(self) -> int:
        """How many were found."""
        return self.bits.bit_count()

    @cached_property
    def ids(self) -> Sequence[int]:
        """Their primary keys, in the order asked for."""
        places, sort = self.directory.facets.places, self.filters.sorted_by
        if sort == BEST_MATCH:
            return [pk for pk in self.ranking if pk in places and self.bits >> places[pk] & 1]
        found = [one for place, one in enumerate(self.directory.groups) if self.bits >> place & 1]
        if sort == "-name":
            found.reverse()
        if sort == "active":
            found.sort(key=lambda one: one.active_at, reverse=True)
        if sort == "organisations":
            found.sort(key=lambda one: -len(self.directory.organisations.get(one.pk, ())))
        return [one.pk for one in found]

    def facets_shown(self) -> list[FacetShown]:
        """The facets with their options, in the order of the page."""
        facets = self.directory.facets
        counts = facets.counts(self.filters.chosen, within=self.within)
        totals = facets.counts({})
        return [self._facet(name, counts[name], totals[name]) for name in self.filters.facet_names]

    def _facet(self, name: str, counts: Mapping[str, int], totals: Mapping[str, int]) -> FacetShown:
        options = options_of(self.filters, name, counts, totals, lambda value: self.directory.label_of(name, value))
        is_open = name in _OPEN or bool(self.filters.values[name])
        return FacetShown(name, self.filters.labels[name], is_open, options)


def groups_found(directory: GroupDirectory, filters: GroupFilter) -> GroupsFound:
    """What `filters` ask for; one query where there is a text, none otherwise."""
    ranking: Sequence[int] = ()
    if filters.text:
        asked = ranked if filters.sorted_by == BEST_MATCH else matching
        ranking = list(asked(SOURCE, filters.text))
    return GroupsFound(directory, filters, ranking)


def group_rows(directory: GroupDirectory, ids: Sequence[int], unread: Mapping[int, int]) -> list[GroupRow]:
    """The rows of `ids` in their order, with their purposes; one query."""
    found = policies.visible_to(directory.reader).select_related("alliance").in_bulk(list(ids))
    return [
        GroupRow(
            workspace=found[pk],
            organisations=len(directory.organisations.get(pk, ())),
            mine=pk in directory.mine,
            unread=unread.get(pk, 0),
        )
        for pk in ids
        if pk in found
    ]
