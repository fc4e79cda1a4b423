"""Finding people: counted in memory, shown from the database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from memberships.directory.facets.people import PeopleFacets
from memberships.directory.filters.people import SOURCE, PeopleFilter
from memberships.directory.selectors.network import Directory, enumerated
from memberships.organisations.models import Organisation
from memberships.people.models import Profile
from memberships.people.policies import visible_affiliations, visible_to
from memberships.people.selectors.profile import role_labels
from portal.accounts.models import User
from portal.lists.filters import BEST_MATCH
from portal.search.selectors import matching, ranked
from portal.ui.names import language_name


@dataclass(frozen=True)
class Belonging:
    """A current affiliation that the reader may know of."""

    organisation: Organisation
    title: str
    roles: Sequence[str]  # labels of given roles


@dataclass(frozen=True)
class PersonRow:
    """One person as the reader may see them in a list.

    `email` and `phone` as their owner shows them, see `person_rows`.
    """

    person: User
    belongings: Sequence[Belonging]
    languages: Sequence[str]
    email: str
    phone: str

    @property
    def language_list(self) -> str:
        """The languages in the active language."""
        return enumerated(map(language_name, self.languages))

    @property
    def role_list(self) -> str:
        """The given roles, each once, in the active language."""
        return enumerated(dict.fromkeys(role for belonging in self.belongings for role in belonging.roles))


@dataclass(frozen=True)
class PeopleFound:
    """What an address asks for. `bits`: the set of those found, see `portal.lists.bitsets`."""

    people: PeopleFacets
    filters: PeopleFilter
    bits: int
    ranking: Sequence[int]  # ids by how well they match the text; empty where there is none
    whole: int  # whom the reader may see
    within: int  # those of them who match the text

    @property
    def total(self) -> int:
        """How many were found."""
        return self.bits.bit_count()

    @cached_property
    def ids(self) -> Sequence[int]:
        """Their primary keys, in the order asked for."""
        return self._in_order(self.bits)

    @cached_property
    def exported_ids(self) -> Sequence[int]:
        """`ids` without people of an organisation at risk, who are in no export for anybody."""
        return self._in_order(self.bits & self.people.exported)

    def counts(self) -> dict[str, dict[str, int]]:
        """Facet → value → how many there would be, given what is chosen of the other facets."""
        return self.people.facets.counts(self.filters.chosen, within=self.within)

    def _in_order(self, bits: int) -> Sequence[int]:
        ids = self.people.ids_in(bits, self.filters.sorted_by)
        if self.filters.sorted_by != BEST_MATCH:
            return ids
        known = set(ids)
        return [pk for pk in self.ranking if pk in known]


def people_found(directory: Directory, filters: PeopleFilter) -> PeopleFound:
    """Count what `filters` ask for. One query where there is a text, none otherwise."""
    people = directory.people
    whole = within = people.visible_to(directory.reader)
    ranking: Sequence[int] = ()
    if filters.text:
        asked = ranked if filters.sorted_by == BEST_MATCH else matching
        ranking = list(asked(SOURCE, filters.text))
        within &= people.facets.of_ids(ranking)
    bits = people.facets.chosen_set(filters.chosen, within=within)
    return PeopleFound(people, filters, bits, ranking, whole, within)


def person_rows(directory: Directory, ids: Sequence[int]) -> list[PersonRow]:
    """The rows of `ids` in their order, as the reader may see them, in two queries.

    Address and number are there only where their owner shows them to the whole network, or to the Secretariat if that
    is who reads: what a list holds is carried on more easily than a page.
    """
    reader = directory.reader
    people = visible_to(reader).select_related("profile").in_bulk(list(ids))
    belongings: dict[int, list[Belonging]] = defaultdict(list)
    rows = visible_affiliations(reader).filter(person_id__in=list(ids)).select_related("organisation__logo")
    for row in rows.order_by("organisation__name_sort", "pk"):
        belongings[row.person_id].append(Belonging(row.organisation, row.title, role_labels(row)))
    return [_row(directory, people[pk], belongings[pk]) for pk in ids if pk in people]


def _row(directory: Directory, person: User, belongings: Sequence[Belonging]) -> PersonRow:
    profile: Profile = getattr(person, "profile", None) or Profile(person=person)

    def shown(text: str, audience: str) -> str:
        return text if directory.secretariat or audience == Profile.Audience.NETWORK else ""

    return PersonRow(
        person=person,
        belongings=belongings,
        languages=profile.languages,
        email=shown(person.email, profile.email_audience),
        phone=shown(profile.phone, profile.phone_audience),
    )
