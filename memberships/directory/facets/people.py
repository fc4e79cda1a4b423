"""The sets of people, for the two audiences: the network and the Secretariat.

Region, country and standing are those of a person's organisations, as far as the audience may know them; an
affiliation to an organisation at risk says nothing to the network. Whom a reader sees follows `people.policies`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, QuerySet

from memberships.directory.facets.kept import Version, kept
from memberships.directory.facets.organisations import OrganisationFacets, organisation_facets
from memberships.organisations.policies import own_ids
from memberships.people.selectors import current_affiliations
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.lists.bitsets import Facets, MaskBuilder, set_of

FACETS: Final = ("region", "country", "language", "role", "standing")


@dataclass(frozen=True)
class PeopleFacets:
    """Everything one audience's pages of the people directory count with.

    Sets are of places, see `portal.lists.bitsets`.
    """

    facets: Facets
    shown: int  # whom everyone in the audience may see
    people_of: Mapping[int, Sequence[int]]  # organisation → the places of its people
    exported: int  # all but people of an organisation at risk

    def visible_to(self, actor: User) -> int:
        """Whom `actor` may see: the set of `people.policies.visible_to`, for someone in the network."""
        bits = self.shown | self.facets.of_ids([actor.pk])
        if not is_secretariat(actor):
            own = (place for pk in own_ids(actor) for place in self.people_of.get(pk, ()))
            bits |= set_of(own, len(self.facets.ids))
        return bits

    def ids_in(self, bits: int, sort: str) -> list[int]:
        """The primary keys of a set by name; `sort` "-name" the other way round."""
        ids = [self.facets.ids[place] for place, bit in enumerate(bin(bits)[:1:-1]) if bit == "1"]
        return ids[::-1] if sort == "-name" else ids


def people_facets(version: Version, *, secretariat: bool) -> PeopleFacets:
    """The sets for the Secretariat, or for everyone else in the network, as of `version`."""
    organisations = organisation_facets(version, secretariat=secretariat)
    name = f"people for {'the Secretariat' if secretariat else 'the network'}"
    return kept(name, version, lambda: _build(organisations, secretariat))


def _build(organisations: OrganisationFacets, secretariat: bool) -> PeopleFacets:
    people = _people()
    places = {row["pk"]: place for place, row in enumerate(people)}
    builder = MaskBuilder(FACETS, len(people))
    for place, row in enumerate(people):
        for code in dict.fromkeys(row["profile__languages"] or ()):
            builder.add("language", code, place)
    at_risk: set[int] = set()
    people_of: dict[int, list[int]] = {}
    values: set[tuple[str, str, int]] = set()  # somebody can be of two organisations of one region
    for row in _affiliations():
        if row["person_id"] not in places:  # came while we were reading
            continue
        place = places[row["person_id"]]
        people_of.setdefault(row["organisation_id"], []).append(place)
        if row["organisation__at_risk"]:
            at_risk.add(place)
        if not row["organisation__at_risk"] or secretariat:
            values.update((facet, value, place) for facet, value in _values(row, organisations))
    for facet, value, place in sorted(values):
        builder.add(facet, value, place)
    size = len(people)
    affiliated = set_of((place for found in people_of.values() for place in found), size)
    risky = set_of(at_risk, size)
    return PeopleFacets(
        facets=Facets([row["pk"] for row in people], builder.masks()),
        shown=(1 << size) - 1 if secretariat else affiliated & ~risky,
        people_of=people_of,
        exported=((1 << size) - 1) & ~risky,
    )


def _people() -> Sequence[Mapping[str, Any]]:
    rows = User.objects.filter(is_active=True).order_by(F("profile__name_sort").asc(nulls_last=True), "pk")
    return list(rows.values("pk", "profile__languages"))


def _affiliations() -> Sequence[Mapping[str, Any]]:
    rows: QuerySet[Any] = current_affiliations().filter(person__is_active=True).order_by()
    return list(rows.values("person_id", "organisation_id", "organisation__at_risk", "role_names"))


def _values(row: Mapping[str, Any], organisations: OrganisationFacets) -> list[tuple[str, str]]:
    known = organisations.facts_of(row["organisation_id"])
    own = [("region", known.region), ("country", known.country), ("standing", known.standing)]
    return [*own, *(("role", role) for role in row["role_names"] if role)]
