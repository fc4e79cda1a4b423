"""Finding organisations: counted in memory, shown from the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from memberships.directory.facets.organisations import OrganisationFacets
from memberships.directory.filters.organisations import SOURCE, OrganisationFilter
from memberships.directory.selectors.network import Directory, enumerated
from memberships.organisations.models import Alliance, Organisation, Standing
from memberships.organisations.selectors import listed
from portal.accounts.models import User
from portal.lists.bitsets import places_in
from portal.lists.filters import BEST_MATCH
from portal.search.folding import sort_key
from portal.search.selectors import matching, ranked
from portal.ui.countries import country_name
from portal.ui.names import language_name

_NOT_LISTED: Final = ("description_en", "description_fr", "description_es", "description_ar")


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation as the reader may see it in a list; empty or None where hidden or unknown."""

    organisation: Organisation  # for its names, tile and address, which are never hidden
    country: str
    city: str
    languages: Sequence[str]
    subjects: Sequence[str]
    standing: str
    joined: int | None

    @property
    def country_name(self) -> str:
        """The country in the active language."""
        return country_name(self.country) if self.country else ""

    @property
    def place(self) -> str:
        """City and country, as far as they are shown."""
        if self.city and self.country:
            return _("%(city)s, %(country)s") % {"city": self.city, "country": self.country_name}
        return self.city or self.country_name

    @property
    def language_list(self) -> str:
        """The working languages in the active language."""
        return enumerated(map(language_name, self.languages))

    @property
    def standing_label(self) -> str:
        """The standing in the active language."""
        return str(Standing.Kind(self.standing).label) if self.standing else ""


@dataclass(frozen=True)
class OrganisationsFound:
    """What an address asks for. `bits`: the set of those found, see `portal.lists.bitsets`."""

    organisations: OrganisationFacets
    filters: OrganisationFilter
    bits: int
    ranking: Sequence[int]  # ids by how well they match the text; empty where there is none
    within: int  # those that match the text

    @property
    def whole(self) -> int:
        """All organisations."""
        return self.organisations.facets.everyone

    @property
    def total(self) -> int:
        """How many were found."""
        return self.bits.bit_count()

    @cached_property
    def ids(self) -> Sequence[int]:
        """Their primary keys, in the order asked for."""
        if self.filters.sorted_by != BEST_MATCH:
            return self.organisations.ids_in(self.bits, self.filters.sorted_by)
        places = self.organisations.facets.places
        flags = bin(self.bits)[:1:-1]
        return [pk for pk in self.ranking if (at := places.get(pk, len(flags))) < len(flags) and flags[at] == "1"]

    @cached_property
    def exported_ids(self) -> Sequence[int]:
        """`ids` without organisations at risk, which are in no export for anybody."""
        places, exported = self.organisations.facets.places, self.organisations.exported
        left_out = {pk for pk in self.ids if not exported >> places[pk] & 1} if self.bits & ~exported else set()
        return [pk for pk in self.ids if pk not in left_out]

    @property
    def exported_bytes(self) -> int:
        """About how long the list is as CSV, from the lengths of its texts."""
        sizes = self.organisations.bytes_of
        return sum(sizes[place] for place in places_in(self.bits & self.organisations.exported))

    def counts(self) -> dict[str, dict[str, int]]:
        """Facet → value → how many there would be, given what is chosen of the other facets."""
        return self.organisations.facets.counts(self.filters.chosen, within=self.within)


def organisations_found(directory: Directory, filters: OrganisationFilter) -> OrganisationsFound:
    """Count what `filters` ask for. One query where there is a text, none otherwise."""
    organisations = directory.organisations
    facets = organisations.facets
    ranking: Sequence[int] = ()
    within = facets.everyone
    if filters.text:
        asked = ranked if filters.sorted_by == BEST_MATCH else matching
        ranking = list(asked(SOURCE, filters.text))
        within = facets.of_ids(ranking)
    return OrganisationsFound(organisations, filters, facets.chosen_set(filters.chosen, within=within), ranking, within)


def organisation_rows(directory: Directory, ids: Sequence[int]) -> list[OrganisationRow]:
    """The rows of `ids` in their order, as the reader may see them, in one query."""
    found = {row.pk: row for row in _listed(directory.reader).filter(pk__in=ids)}
    return [_row(directory.organisations, found[pk]) for pk in ids if pk in found]


def _listed(reader: User) -> QuerySet[Organisation]:
    # What `listed` prefetches for whole profiles is not shown here; subjects are known in memory.
    return listed(reader).prefetch_related(None).select_related("logo").defer(*_NOT_LISTED)


def _row(organisations: OrganisationFacets, organisation: Organisation) -> OrganisationRow:
    shown = organisation.__dict__  # the annotations of `listed`
    subjects = organisations.subjects_at(organisation.pk) if shown["facts"] else []
    return OrganisationRow(
        organisation=organisation,
        country=shown["shown_country"],
        city=shown["shown_city"],
        languages=shown["shown_languages"],
        subjects=[subject.name for subject in subjects],
        standing=shown["shown_standing"],
        joined=shown["shown_joined"],
    )


def map_counts(found: OrganisationsFound) -> tuple[dict[str, int], dict[str, int]]:
    """Organisations by country, and those of them that were found (empty where nothing is narrowed).

    The same for every reader: without hidden countries and without organisations at risk.
    """
    on_map = found.organisations.on_map
    counts = {country: bits.bit_count() for country, bits in on_map.items()}
    if not found.filters.is_narrowed:
        return counts, {}
    return counts, {country: (bits & found.bits).bit_count() for country, bits in on_map.items()}


@dataclass(frozen=True)
class CountryRow:
    """One line of the countries as a list; `matching` None where nothing is narrowed."""

    code: str
    name: str
    organisations: int
    matching: int | None


def country_rows(found: OrganisationsFound) -> list[CountryRow]:
    """The map as a table: countries of the results first, then by name in the active language."""
    counts, matches = map_counts(found)
    rows = [
        CountryRow(code, country_name(code), count, matches.get(code, 0) if found.filters.is_narrowed else None)
        for code, count in counts.items()
    ]
    return sorted(rows, key=lambda row: (row.matching == 0, sort_key(row.name)))


def alliance_counts(directory: Directory) -> list[tuple[Alliance, int]]:
    """Each alliance with the number of listed organisations that the reader may know to be in it, by name."""
    organisations = directory.organisations
    masks: Mapping[str, int] = organisations.facets.masks["alliance"]
    rows = [
        (alliance, (masks.get(slug, 0) & organisations.listed).bit_count())
        for slug, alliance in organisations.alliances.items()
    ]
    return sorted(rows, key=lambda row: sort_key(row[0].name))
