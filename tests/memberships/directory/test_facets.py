"""Counts in memory are what SQL would count (the truth), for every audience and any choice of filters."""

import random
from datetime import date, timedelta
from operator import attrgetter

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memberships.directory.facets.kept import version_now
from memberships.directory.facets.organisations import organisation_facets
from memberships.directory.filters import OrganisationFilter, PeopleFilter
from memberships.directory.selectors import directory_for, organisations_found, people_found
from memberships.organisations.models import Organisation, Standing
from memberships.people.models import Affiliation, Role, RoleTerm
from memberships.people.policies import visible_to
from portal.access import roles
from portal.accounts.models import User
from portal.lists.bitsets import Facets, in_order, places_in, set_of
from portal.live.services import publish
from portal.search.services import reindex
from tests.architecture.world import person
from tests.factories.accounts import with_factor
from tests.memberships.directory.conftest import add, found

ORGANISATIONS, PEOPLE = 40, 40
COUNTRIES = ("EG", "LB", "CD", "FR", "BY", "")
LANGUAGES = ("ar", "en", "fr", "be")
SUBJECTS = ("press-freedom", "monitoring", "legal-aid", "research")
ALLIANCES = ("afex", "mena")
CHOICES = {
    "region": ("africa", "americas", "international", "middle-east-north-africa"),
    "country": COUNTRIES[:-1],
    "language": LANGUAGES,
    "subject": SUBJECTS,
    "alliance": ALLIANCES,
    "standing": Standing.Kind.values,
    "joined": ("1990", "2000", "2010"),
    "role": (Role.ADMINISTRATOR, Role.DELEGATE),
}
QUERIES = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(values), min_size=1, max_size=2) for name, values in CHOICES.items()}
)
TEXTS = st.sampled_from(["", "", "", "press", "press egypt", "كلمة", "person", "monitoring", "org 1"])
GIVEN = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture], "max_examples": 20}


@given(st.sets(st.integers(0, 200)), st.permutations(range(40)))
def test_sets_are_sets(places, order):
    bits = set_of(places, 201)

    assert places_in(bits) == sorted(places)
    assert bits.bit_count() == len(places)
    assert in_order(bits, order) == [place for place in order if place in places]


def test_a_facet_is_counted_given_all_others_but_itself():
    facets = Facets([7, 8, 9], {"region": {"a": 0b011, "b": 0b100}, "language": {"x": 0b110}})

    assert facets.counts({"region": ["a"]}) == {"region": {"a": 2, "b": 1}, "language": {"x": 1}}
    assert facets.counts({"region": ["a"], "language": ["x"]})["region"] == {"a": 1, "b": 1}
    assert facets.of_ids([9, 7, 1000]) == 0b101


@pytest.fixture
def random_network(db):
    """Organisations and people of every kind, and one reader of each sort."""
    dice = random.Random(20261121)
    made = [_organisation(dice, number) for number in range(ORGANISATIONS)]
    for number in range(PEOPLE):
        _person(dice, number, made)
    secretariat = with_factor(person("Sekou Retariat"))
    roles.grant(roles.SECRETARIAT, secretariat, roles.network())
    risky = next(one for one in made if one.at_risk)
    hiding = next(one for one in made if one.country_hidden and not one.at_risk)
    open_one = next(one for one in made if not one.country_hidden and not one.at_risk)
    readers = [secretariat, *(person(f"Of {one}", of=one) for one in (risky, hiding, open_one))]
    reindex("organisation")
    reindex("person")
    publish("directory", kind="organisation.updated")
    return readers


def _organisation(dice: random.Random, number: int) -> Organisation:
    made = add(
        f"Org {number} {dice.choice(['Press', 'Watch', 'كلمة'])}",
        standing=dice.choice([None, *Standing.Kind.values, "full", "full"]),
        region=dice.choice(CHOICES["region"]),
        country=dice.choice(COUNTRIES),
        country_hidden=dice.random() < 0.2,
        at_risk=dice.random() < 0.2,
        languages=dice.sample(LANGUAGES, dice.randrange(3)),
        subjects=dice.sample(SUBJECTS, dice.randrange(3)),
        alliances=dice.sample(ALLIANCES, dice.randrange(2)),
        joined_year=dice.choice([None, 1995, 2003, 2009, 2010, 2019]),
    )
    if dice.random() < 0.3:  # terms and memberships that do not run today count for nothing
        today = timezone.now().date()
        made.alliance_memberships.update(until=today)
        made.standings.update(until=today)
        Standing.objects.create(organisation=made, kind="former", since=today + timedelta(days=1))
    return made


def _person(dice: random.Random, number: int, organisations: list[Organisation]) -> None:
    someone = person(f"Person {number}", is_active=dice.random() < 0.9)
    someone.profile.languages = dice.sample(LANGUAGES, dice.randrange(3))
    someone.profile.save()
    for chosen in dice.sample(organisations, dice.choice([0, 1, 1, 1, 2])):
        ended = timezone.now() + timedelta(seconds=1) if dice.random() < 0.2 else None
        held = Affiliation.objects.create(person=someone, organisation=chosen, until=ended)
        RoleTerm.objects.create(affiliation=held, role=dice.choice(CHOICES["role"]), until=ended)


def _query(chosen, text):
    query = QueryDict(mutable=True)
    for name, values in chosen.items():
        query.setlist(name, values)
    query["q"] = text
    return query


def _check(filter_class, find, facets_of, reader, chosen, text):
    """The set found, and each count of each facet, against one SQL query each."""
    directory = directory_for(reader)
    facets = facets_of(directory)
    chosen = {name: values for name, values in chosen.items() if name in filter_class.facet_names}

    def in_sql(choice):
        filters = filter_class(_query(choice, text), reader=reader, facets=facets)
        return set(filters.qs.values_list("pk", flat=True))

    filters = filter_class(_query(chosen, text), reader=reader, facets=facets)
    counted = find(directory, filters)
    counts = counted.counts()
    assert set(counted.ids) == in_sql(chosen)
    for name in dict.fromkeys([*chosen, *random.Random(str(chosen)).sample(filter_class.facet_names, 2)]):
        for value in facets.masks[name]:
            assert counts[name][value] == len(in_sql({**chosen, name: [value]})), (name, value)


@settings(**GIVEN)
@given(chosen=QUERIES, text=TEXTS, which=st.integers(0, 3))
def test_organisations_are_counted_as_in_sql(random_network, chosen, text, which):
    reader = User.objects.get(pk=random_network[which].pk)

    _check(
        OrganisationFilter, organisations_found, lambda directory: directory.organisations.facets, reader, chosen, text
    )


@settings(**GIVEN)
@given(chosen=QUERIES, text=TEXTS, which=st.integers(0, 3))
def test_people_are_counted_as_in_sql(random_network, chosen, text, which):
    reader = User.objects.get(pk=random_network[which].pk)

    _check(PeopleFilter, people_found, attrgetter("people.facets"), reader, chosen, text)


def test_the_people_seen_are_those_of_the_policy(random_network):
    for reader in random_network:
        directory = directory_for(reader)
        seen = {directory.people.facets.ids[place] for place in places_in(directory.people.visible_to(reader))}

        assert seen == set(visible_to(reader).values_list("pk", flat=True))


def test_what_is_kept_is_renewed_by_the_next_number(network):
    assert "New Watch" not in found(network.member)
    add("New Watch")
    assert "New Watch" not in found(network.member)

    publish("directory", kind="organisation.created")

    assert "New Watch" in found(network.member)


def test_what_is_kept_is_renewed_by_the_next_day(network):
    Standing.objects.filter(organisation=network["jed"]).update(until=date(2100, 1, 1))
    Standing.objects.create(organisation=network["jed"], kind="former", since=date(2100, 1, 1))
    publish("directory", kind="standing.started")
    version = version_now()

    def listed(day):
        counted = organisation_facets(version._replace(today=day), secretariat=False)
        return bool(counted.listed & counted.facets.of_ids([network["jed"].pk]))

    assert listed(version.today)
    assert not listed(date(2100, 1, 1))


def test_before_anything_was_published_nothing_is_kept(db):
    assert version_now().number == 0
    reader = person("Mem Ber", of=add("First Watch"))
    assert found(reader) == ["First Watch"]

    add("Second Watch")

    assert found(reader) == ["First Watch", "Second Watch"]
