"""The sets of organisations, for the two audiences: the network and the Secretariat.

To the network an organisation at risk is a name: it has no value of any facet, though it is one of those listed. A
hidden country is no country, a suspension no standing. That an organisation's own people may see more of it is a
matter of its row, not of counts. The Secretariat counts all of it, except that organisations at risk are in no count
by country, on no map and in no export for anybody: these leave the portal more easily than pages do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db.models import CharField, F, Func, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language

from memberships.directory.facets.kept import Version, kept
from memberships.organisations.models import Alliance, AllianceMembership, Organisation, Standing, Subject
from memberships.organisations.policies import STANDINGS_SHOWN_TO_ALL
from memberships.organisations.selectors.standing import running
from portal.lists.bitsets import Facets, MaskBuilder, in_order, set_of
from portal.search.folding import sort_key
from portal.ui.countries import country_name

FACETS: Final = ("region", "subject", "language", "country", "alliance", "standing", "joined")
_LINE: Final = 160  # bytes of a line of the export beside the texts that are counted


class Facts(NamedTuple):
    """What one audience may count of one organisation; empty where hidden or unknown."""

    region: str
    country: str
    standing: str
    joined: int | None
    languages: Sequence[str]
    subjects: Sequence[str]
    alliances: Sequence[str]


NO_FACTS: Final = Facts("", "", "", None, (), (), ())


@dataclass(frozen=True)
class OrganisationFacets:
    """Everything one audience's pages of the directory count with. Sets are of places, see `portal.lists.bitsets`."""

    facets: Facets
    facts: Sequence[Facts]  # by place
    full: int  # full members, those at risk too: that they are members is known from the list itself
    exported: int  # all but those at risk
    on_map: Mapping[str, int]  # country → those listed, as the whole network may see them on a map
    subjects: Mapping[str, Subject]  # by slug
    alliances: Mapping[str, Alliance]  # by slug
    subjects_of: Sequence[Sequence[str]]  # by place, of those at risk too: show them to who may see facts only
    arabic: Mapping[int, str]  # place → key of the Arabic name, where that is the organisation's own
    bytes_of: Sequence[int]  # length of the line in an export, about, by place
    _orders: dict[tuple[str, str], Sequence[int]] = field(default_factory=dict, repr=False)

    @property
    def listed(self) -> int:
        """Those listed where nobody asks for a standing: all but former members."""
        return self.facets.defaults["standing"]

    def facts_of(self, pk: int) -> Facts:
        """What the audience may count of one organisation."""
        place = self.facets.places.get(pk)
        return NO_FACTS if place is None else self.facts[place]

    def subjects_at(self, pk: int) -> list[Subject]:
        """What an organisation works on, whoever asks: only for rows whose facts the reader may see."""
        place = self.facets.places.get(pk)
        return (
            [] if place is None else [self.subjects[slug] for slug in self.subjects_of[place] if slug in self.subjects]
        )

    def order(self, sort: str) -> Sequence[int]:
        """All places by `sort` ("name", "country", "joined", with a leading minus the other way round).

        In the reader's language; what is not known comes last both ways. Kept for each language.
        """
        key = (sort, get_language() or "en")
        if key not in self._orders:
            self._orders[key] = self._sorted(sort.lstrip("-"), backwards=sort.startswith("-"))
        return self._orders[key]

    def ids_in(self, bits: int, sort: str) -> list[int]:
        """The primary keys of a set, by `sort`."""
        return [self.facets.ids[place] for place in in_order(bits, self.order(sort))]

    def _sorted(self, column: str, *, backwards: bool) -> Sequence[int]:
        by_name = list(range(len(self.facets.ids)))
        if (get_language() or "en") == "ar":
            by_name.sort(key=lambda place: (place not in self.arabic, self.arabic.get(place, "")))
        if column == "name":
            return by_name[::-1] if backwards else by_name
        value = self._year if column == "joined" else self._country
        known = {place: found for place in by_name if (found := value(place))}
        return [
            *sorted(known, key=known.__getitem__, reverse=backwards),
            *(place for place in by_name if place not in known),
        ]

    def _year(self, place: int) -> Any:
        return self.facts[place].joined

    def _country(self, place: int) -> Any:
        code = self.facts[place].country
        return sort_key(country_name(code)) if code else ""


def organisation_facets(version: Version, *, secretariat: bool) -> OrganisationFacets:
    """The sets for the Secretariat, or for everyone else in the network, as of `version`."""
    name = f"organisations for {'the Secretariat' if secretariat else 'the network'}"
    return kept(name, version, lambda: _build(version, secretariat))


def decade(year: int | None) -> str:
    """The value of the facet "joined": "2000" for 2000 to 2009."""
    return str(year // 10 * 10) if year else ""


def _build(version: Version, secretariat: bool) -> OrganisationFacets:
    rows = list(_rows())
    ids = [row["pk"] for row in rows]
    links = _Links(version)
    kinds = [links.standing_of(pk) for pk in ids]
    facts = [_facts(row, links, secretariat) for row in rows]
    return OrganisationFacets(
        facets=Facets(ids, _masks(facts), {"standing": _where(kind != Standing.Kind.FORMER for kind in kinds)}),
        facts=facts,
        full=_where(kind == Standing.Kind.FULL for kind in kinds),
        exported=_where(not row["at_risk"] for row in rows),
        on_map=_on_map(rows, kinds),
        subjects={subject.slug: subject for subject in Subject.objects.all()},
        alliances={alliance.slug: alliance for alliance in Alliance.objects.all()},
        subjects_of=[links.of("subject", pk) for pk in ids],
        arabic={place: row["native_name_sort"] for place, row in enumerate(rows) if row["native_language"] == "ar"},
        bytes_of=[row["octets"] + _LINE + sum(map(len, links.of("subject", row["pk"]))) for row in rows],
    )


def _rows() -> Iterable[Mapping[str, Any]]:
    texts = Concat("name", "native_name", "acronym", "city", "website", output_field=TextField())
    return (
        Organisation.objects.order_by("name_sort", "pk")
        .annotate(octets=Func(texts, function="octet_length", output_field=IntegerField()))
        .values(
            "pk", "region", "country", "country_hidden", "languages", "joined_year", "at_risk", "native_language",
            "native_name_sort", "octets",
        )
    )  # fmt: skip


class _Links:
    """What hangs on organisations at one day, read in one query."""

    def __init__(self, version: Version) -> None:
        self._found: dict[tuple[str, int], list[str]] = {}
        standings = _asked(running(Standing.objects.all(), version.today), "standing", "kind")
        alliances = _asked(running(AllianceMembership.objects.all(), version.today), "alliance", "alliance__slug")
        subjects = _asked(Organisation.subjects.through._default_manager.all(), "subject", "subject__slug")
        for facet, organisation, value in standings.union(alliances, subjects, all=True):
            self._found.setdefault((facet, organisation), []).append(value)

    def of(self, facet: str, organisation: int) -> list[str]:
        return sorted(self._found.get((facet, organisation), ()))

    def standing_of(self, organisation: int) -> str:
        return next(iter(self._found.get(("standing", organisation), ())), "")


def _asked(rows: QuerySet[Any], facet: str, value: str) -> QuerySet[Any]:
    return rows.order_by().values_list(Value(facet), "organisation_id", Cast(F(value), CharField()))


def _facts(row: Mapping[str, Any], links: _Links, secretariat: bool) -> Facts:
    if row["at_risk"] and not secretariat:
        return NO_FACTS
    hidden = row["at_risk"] or (row["country_hidden"] and not secretariat)
    standing = links.standing_of(row["pk"])
    return Facts(
        region=row["region"],
        country="" if hidden else row["country"],
        standing=standing if secretariat or standing in STANDINGS_SHOWN_TO_ALL else "",
        joined=row["joined_year"],
        languages=tuple(dict.fromkeys(row["languages"])),
        subjects=links.of("subject", row["pk"]),
        alliances=links.of("alliance", row["pk"]),
    )


def _masks(facts: Sequence[Facts]) -> dict[str, dict[str, int]]:
    builder = MaskBuilder(FACETS, len(facts))
    for place, known in enumerate(facts):
        builder.add("region", known.region, place)
        builder.add("country", known.country, place)
        builder.add("standing", known.standing, place)
        builder.add("joined", decade(known.joined), place)
        for facet, values in (
            ("language", known.languages),
            ("subject", known.subjects),
            ("alliance", known.alliances),
        ):
            for value in values:
                builder.add(facet, value, place)
    return builder.masks()


def _on_map(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str]) -> Mapping[str, int]:
    builder = MaskBuilder(["country"], len(rows))
    for place, (row, kind) in enumerate(zip(rows, kinds, strict=True)):
        if not row["at_risk"] and not row["country_hidden"] and kind != Standing.Kind.FORMER:
            builder.add("country", row["country"], place)
    return builder.masks()["country"]


def _where(flags: Iterable[bool]) -> int:
    known = list(flags)
    return set_of((place for place, flag in enumerate(known) if flag), len(known))
