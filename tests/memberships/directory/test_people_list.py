"""The people directory: whom a reader sees, by what they are found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from memberships.people.models import Affiliation, Profile, Role
from portal.live.services import publish
from tests.architecture.world import person
from tests.memberships.directory.conftest import add, people, settle

ADDRESS = "/members/people/"


@pytest.fixture
def crowd(network):
    """Some more people than one each."""
    person("Nour Haddad", of=network["maharat"], role_names=(Role.DELEGATE,))
    layla = person("Layla Salem", of=network["anhri"], role_names=(Role.SIGNATORY,))
    Profile.objects.filter(person=layla).update(languages=["ar", "fr"])
    both = person("Both Sides", of=network["jed"])
    Affiliation.objects.create(person=both, organisation=network["risk"])
    person("Gone Away", is_active=False, of=network["jed"])
    settle()
    return network


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Hi Der", "Layla Salem", "Mem Ber", "Nour Haddad"]),
        ("region=middle-east-north-africa", ["Layla Salem", "Nour Haddad"]),
        ("country=CD", ["Both Sides", "Mem Ber"]),
        ("language=fr", ["Layla Salem"]),
        ("role=delegate", ["Mem Ber", "Nour Haddad"]),
        ("role=delegate&region=middle-east-north-africa", ["Nour Haddad"]),
        ("q=nour", ["Nour Haddad"]),
        ("q=maharat", ["Nour Haddad"]),
        ("sort=-name", ["Nour Haddad", "Mem Ber", "Layla Salem", "Hi Der"]),
        ("q=xyzzy", []),
    ],
)
def test_filters_find_what_they_say(crowd, query, names):
    stranger = person("Aa Stranger", of=crowd["global"])
    publish("directory", kind="people.changed")

    assert [name for name in people(stranger, query) if name != "Aa Stranger"] == [
        name for name in names if name != "Both Sides"
    ]
    if "country" in query:
        assert people(crowd.member, query) == names  # a colleague is seen by colleagues


def test_people_of_an_organisation_at_risk_are_seen_by_their_own_and_the_secretariat(crowd, client):
    for reader, sees in ((crowd.hider, False), (crowd.at_risk, True), (crowd.secretariat, True)):
        client.force_login(reader)
        text = client.get(ADDRESS).content.decode()
        assert ("Ria Risk" in text) is sees
        assert ("Hidden Voices" in text) is sees


@pytest.mark.parametrize("query", ["region=asia-pacific", "role=administrator", "q=hidden voices", "q=both sides"])
def test_nothing_tells_of_them_to_others(crowd, query):
    assert not {"Ria Risk", "Both Sides"} & set(people(crowd.hider, query))


def test_where_colleagues_also_belong_is_not_told(crowd, client):
    client.force_login(crowd.member)

    text = client.get(ADDRESS).content.decode()

    assert "Both Sides" in text
    assert "Hidden Voices" not in text


def test_those_who_left_or_closed_their_account_are_not_listed(crowd):
    assert "Gone Away" not in people(crowd.member)


def test_a_row_tells_title_organisation_role_and_languages(crowd, client):
    client.force_login(crowd.member)

    text = client.get(f"{ADDRESS}?q=layla").content.decode()

    for told in (
        "Programme lead",
        "Arabic Network for Human Rights Information",
        "Signatory",
        "Arabic, French",
        "1 person<",
    ):
        assert told in text


def test_addresses_are_not_in_the_list(crowd, client):
    client.force_login(crowd.secretariat)

    assert "layla.salem@example.org" not in client.get(ADDRESS).content.decode()


def test_htmx_gets_the_part_that_changes(crowd, client):
    client.force_login(crowd.member)

    answer = client.get(f"{ADDRESS}?role=delegate&q=", headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
    assert answer.headers["HX-Push-Url"] == f"{ADDRESS}?role=delegate"


def test_unknown_filters_are_told(crowd, client):
    client.force_login(crowd.member)

    assert "The filter “boss” is unknown and was left out." in client.get(f"{ADDRESS}?role=boss").content.decode()


@pytest.mark.parametrize("query", ["", "q=person", "region=africa&language=fr"])
def test_the_page_costs_the_same_queries_at_any_size(network, client, query):
    client.force_login(network.member)
    costs = []
    for more in (1, 2, 27):
        for number in range(more):
            made = add(f"Watch {len(costs)} {number}", country="FR")
            someone = person(f"Person {len(costs)} {number}", of=made, role_names=(Role.DELEGATE,))
            Profile.objects.filter(person=someone).update(languages=["fr"])
        settle()
        client.get(f"{ADDRESS}?{query}")
        with CaptureQueriesContext(connection) as counted:
            client.get(f"{ADDRESS}?{query}")
        costs.append(len(counted))

    assert len(set(costs)) == 1, costs
    assert costs[0] == (9 if "q=" in query else 8)
