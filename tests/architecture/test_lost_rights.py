"""Losing a right (check A7): the next request is refused, open topics are closed, nothing more is told or mailed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from memberships.people.services import affiliation_end
from portal.accounts.models import User
from portal.live.models import Event
from portal.live.reading import may_read
from portal.notifications.models import Notification
from portal.notifications.services import notify
from tests.architecture.world import ADMINISTRATOR, GUEST, OTHER, STAFF, World, make_world
from tests.jobs import run_jobs
from workspaces.groups import services
from workspaces.groups.models import Participation
from workspaces.groups.selectors.participation import today


@pytest.fixture
def world(db) -> World:
    return make_world()


def place(world, role) -> Participation:
    return world.group.participations.select_related("workspace", "person").get(person=world.people[role])


def affiliation_ends(world):
    affiliation_end(world.people[ADMINISTRATOR], affiliation=world.affiliation)


def removed(world):
    services.participation_end(world.people[ADMINISTRATOR], participation=place(world, STAFF))


def leaves(world):
    services.participation_end(world.people[STAFF], participation=place(world, STAFF))


def account_closes(world):
    User.objects.filter(pk=world.people[STAFF].pk).update(is_active=False)


def organisation_leaves(world):
    services.organisation_end(world.people[OTHER], workspace=world.group, organisation=world.beta)


def last_day_is_over(world):
    Participation.objects.filter(pk=place(world, GUEST).pk).update(ends_on=today() - timedelta(days=1))


WAYS = {
    affiliation_ends: (STAFF, 404),  # belongs to the network no more
    removed: (STAFF, 403),  # of a closed group everyone in the network sees the front page
    leaves: (STAFF, 403),
    account_closes: (STAFF, 302),
    organisation_leaves: (OTHER, 403),
    last_day_is_over: (GUEST, 404),
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_next_request_is_refused_and_nothing_more_is_told(way, world):
    role, status = WAYS[way]
    who, address = world.people[role], reverse("groups:participants", args=[world.group.slug])
    client = Client()
    client.force_login(who)
    assert client.get(address).status_code == 200
    queued = notify([who], kind="group.reopened", payload={"group": "x"}, url="/", scope=world.group.scope)
    assert Notification.objects.filter(person=who).count() == 1, queued

    way(world)

    assert client.get(address).status_code == status
    assert not may_read(User.objects.get(pk=who.pk), world.group.topic)
    notify([who], kind="group.dissolved", payload={"group": "x"}, url="/", scope=world.group.scope)
    assert not Notification.objects.filter(person=who, kind="group.dissolved").exists()
    mail.outbox.clear()
    run_jobs()
    told = [sent for sent in mail.outbox if who.email in sent.to and "/groups/" in sent.body]
    assert told == []


@pytest.mark.parametrize("way", [removed, leaves, organisation_leaves], ids=lambda way: way.__name__)
def test_open_pages_are_told_at_once(way, world):
    role, _status = WAYS[way]
    heard = Event.objects.filter(topic__name=f"rights:{world.people[role].pk}")
    before = heard.count()

    way(world)

    assert heard.count() == before + 1


def test_a_request_that_was_on_its_way_is_refused(world):
    """The page was opened while the right was there; what it sends comes after."""
    client = Client()
    client.force_login(world.people[ADMINISTRATOR])
    page = reverse("groups:edit", args=[world.group.slug])
    assert client.get(page).status_code == 200
    world.people[ADMINISTRATOR].affiliations.update(until=timezone.now())

    answer = client.post(page, {"version": "1", "name_en": "Too late"})

    assert answer.status_code == 404
    world.group.refresh_from_db()
    assert world.group.name_en == "Safety of journalists"
