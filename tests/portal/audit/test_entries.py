"""The record: written by services, read by the Secretariat."""

import pytest

from portal.audit.models import Entry
from portal.audit.services import record
from tests.architecture.world import ADMINISTRATOR, SECRETARIAT, make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def two_acts(world):
    actor = world.people[ADMINISTRATOR]
    record(actor, verb="organisation.updated", target=world.alpha, acting_for=world.alpha, details={"fields": ["city"]})
    record(None, verb="organisation.confirmed", target=world.beta)


def reading(client, world, **query):
    client.force_login(world.people[SECRETARIAT])
    return client.get("/audit/", query)


def test_an_entry_keeps_the_names_of_its_moment(world, two_acts):
    world.people[ADMINISTRATOR].name = "Someone Else"
    entry = Entry.objects.get(verb="organisation.updated")

    assert (entry.actor_name, entry.acting_for_name, entry.target_name) == (
        "Ada Ministrator",
        "Alpha Press Union",
        "Alpha Press Union",
    )
    assert (entry.target_type, entry.target_id, entry.details) == (
        "organisations.organisation",
        world.alpha.pk,
        {"fields": ["city"]},
    )


def test_a_verb_nobody_announced_is_refused(world):
    with pytest.raises(LookupError):
        record(None, verb="organisation.abducted", target=world.alpha)

    assert not Entry.objects.exists()


def test_the_page_shows_who_did_what_for_whom(world, two_acts, client):
    page = reading(client, world).content.decode()

    assert "Ada Ministrator" in page
    assert "Profile changed" in page
    assert "The installation" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "ada"}, ["Alpha Press Union"]),
        ({"q": "beta watch"}, ["Beta Media Watch"]),
        ({"q": "ada beta"}, []),
        ({"verb": "organisation.confirmed"}, ["Beta Media Watch"]),
        ({"since": "2100-01-01"}, []),
        ({"until": "2000-01-01"}, []),
        ({"since": "yesterday"}, []),
        ({"verb": "nonsense"}, []),
    ],
)
def test_narrowing_down(query, shown, world, two_acts, client):
    answer = reading(client, world, **query)

    assert answer.status_code == 200
    assert [entry.target_name for entry, _label in answer.context["lines"]] == shown


@pytest.mark.parametrize("entries", [1, 3])
def test_the_page_costs_the_same_for_one_entry_and_three(entries, world, client, django_assert_num_queries):
    for _ in range(entries):
        record(world.people[ADMINISTRATOR], verb="organisation.updated", target=world.alpha)
    client.force_login(world.people[SECRETARIAT])
    client.get("/audit/")

    with django_assert_num_queries(7):
        client.get("/audit/")
