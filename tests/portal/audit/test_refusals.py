"""Refusals are in the record, outlive what was refused, and nobody floods it with them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from portal.audit import services
from portal.audit.models import Entry
from portal.audit.services import REFUSED, refusal_record
from tests.architecture.world import ADMINISTRATOR, STAFF, UNAFFILIATED, make_world


@pytest.fixture
def world(db):
    cache.clear()
    return make_world()


@pytest.fixture
def staff(world, client):
    client.force_login(world.people[STAFF])
    return client


def refusals():
    return list(Entry.objects.filter(verb=REFUSED).order_by("pk").values_list("actor", "details"))


def test_a_page_that_is_not_open_to_somebody(world, staff):
    answer = staff.get("/audit/?q=secret+words")

    assert answer.status_code == 403
    assert refusals() == [(world.people[STAFF].pk, {"route": "audit:entries", "method": "GET"})]
    assert "secret" not in str(list(Entry.objects.values()))


def test_an_act_that_is_refused_leaves_only_its_refusal(world, staff):
    before = world.alpha.confirmed_at

    answer = staff.post(f"/organisations/{world.alpha.slug}/confirm/", {"text": "secret words"})

    world.alpha.refresh_from_db()
    assert answer.status_code == 403
    assert world.alpha.confirmed_at == before
    assert refusals() == [(world.people[STAFF].pk, {"route": "organisations:confirm", "method": "POST"})]


@pytest.mark.django_db(transaction=True)
def test_it_outlives_the_rolled_back_transaction(client):
    world = make_world()
    cache.clear()
    client.force_login(world.people[STAFF])

    client.post(f"/organisations/{world.alpha.slug}/confirm/")

    connection.close()  # whatever was not committed is gone
    assert refusals() == [(world.people[STAFF].pk, {"route": "organisations:confirm", "method": "POST"})]
    assert Entry.objects.get(verb=REFUSED).link.number >= 1


def test_what_is_hidden_is_no_refusal(world, client):
    client.force_login(world.people[UNAFFILIATED])

    assert client.get(f"/organisations/{world.alpha.slug}/").status_code == 404
    assert refusals() == []


def test_strangers_are_sent_to_sign_in_and_not_recorded(world, client):
    assert client.get("/audit/").status_code == 302
    assert refusals() == []


def test_the_same_refusal_is_one_entry_in_ten_minutes_and_the_next_tells_how_many_there_were(world, staff, monkeypatch):
    for _ in range(5):
        staff.get("/audit/")
    assert len(refusals()) == 1

    monkeypatch.setattr(services, "REFUSED_AGAIN_AFTER", timedelta(0))
    staff.get("/audit/")

    assert [details.get("unrecorded_before") for _actor, details in refusals()] == [None, 4]


def test_each_route_and_each_person_has_their_own(world, staff, client):
    staff.get("/audit/")
    staff.get("/audit/export.csv")
    staff.get(f"/organisations/{world.alpha.slug}/record/")
    client.force_login(world.people[ADMINISTRATOR])
    client.get("/audit/")

    assert len(refusals()) == 4


def test_one_person_makes_thirty_an_hour_at_most(world):
    for number in range(40):
        refusal_record(world.people[STAFF], route=f"route:{number}", method="GET")
    refusal_record(world.people[ADMINISTRATOR], route="route:1", method="GET")

    assert len([actor for actor, _ in refusals() if actor == world.people[STAFF].pk]) == services.REFUSED_AT_MOST
    assert len([actor for actor, _ in refusals() if actor == world.people[ADMINISTRATOR].pk]) == 1


def test_a_strange_method_is_not_repeated_in_the_record(world):
    refusal_record(world.people[STAFF], route="x", method="ADA'S OWN METHOD")

    assert refusals()[0][1]["method"] == "other"


def test_without_a_cache_refusals_are_limited_all_the_same(world, staff, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    for _ in range(3):
        assert staff.get("/audit/").status_code == 403

    assert len(refusals()) == 1


def test_a_record_that_cannot_be_written_keeps_nobody_from_being_refused(world, staff, monkeypatch, caplog):
    monkeypatch.setattr(services, "REFUSED", "no.such.verb")

    assert staff.get("/audit/").status_code == 403
    assert "A refusal could not be recorded" in caplog.text
