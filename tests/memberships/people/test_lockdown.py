"""Administrators lock the accounts of their colleagues, and no others; nobody locked is shown anywhere."""

import pytest
from django.test import Client
from django.urls import reverse

from memberships.people import policies
from memberships.people.models import Affiliation
from portal.accounts.lockdown import is_locked
from portal.accounts.models import Lockdown
from portal.accounts.services import account_lock, unlock_confirm, unlock_propose
from portal.live.selectors import head
from portal.notifications.models import Notification
from tests.architecture.world import (
    ADMINISTRATOR,
    DELEGATE,
    OTHER,
    SECRETARIAT,
    STAFF,
    UNAFFILIATED,
    make_world,
)  # fmt: skip
from tests.factories.accounts import PASSWORD


@pytest.fixture
def world(db):
    return make_world()


def as_who(person):
    client = Client()
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def page_of(person):
    return reverse("people:lock-down", args=[person.pk])


def test_an_administrator_keeps_the_accounts_of_colleagues_only(world):
    keeper = world.people[ADMINISTRATOR]

    assert set(policies.kept_by(keeper)) == {world.people[STAFF], world.people[DELEGATE]}
    assert set(policies.kept_by(world.people[DELEGATE])) == set()
    assert set(policies.keepers_of(world.people[STAFF])) == {keeper}
    assert set(policies.keepers_of(keeper)) == set()


def test_without_a_second_factor_an_administrator_keeps_nothing(world):
    keeper = world.people[ADMINISTRATOR]
    keeper.authenticator_set.all().delete()

    assert set(policies.kept_by(type(keeper).objects.get(pk=keeper.pk))) == set()


def test_a_former_administrator_keeps_nothing(world):
    keeper = world.people[ADMINISTRATOR]
    Affiliation.objects.filter(person=keeper).update(until="2026-01-01T00:00Z", since="2025-01-01T00:00Z")

    assert set(policies.kept_by(type(keeper).objects.get(pk=keeper.pk))) == set()


def test_locking_from_a_colleagues_page(world):
    seized = world.people[STAFF]
    client = as_who(world.people[ADMINISTRATOR])
    before = client.get(reverse("people:person", args=[seized.pk])).content.decode()

    answer = client.post(page_of(seized), {"why": "Taken from home at six."}, follow=True)

    assert f'href="{page_of(seized)}"' in before
    assert answer.resolver_match.view_name == "accounts:lockdown"
    assert "Taken from home at six." in answer.content.decode()
    assert Lockdown.objects.get().way == Lockdown.Way.COLLEAGUE
    assert is_locked(seized.pk)
    told = set(Notification.objects.filter(kind="lockdown.begun").values_list("person", flat=True))
    assert told == {world.people[SECRETARIAT].pk}


@pytest.mark.parametrize(("role", "status"), [(DELEGATE, 403), (OTHER, 403), (UNAFFILIATED, 404), (STAFF, 403)])
def test_others_cannot_and_see_no_way_to(role, status, world):
    seized = world.people[STAFF]
    client = as_who(world.people[role])

    answer = client.post(page_of(seized), {"why": "Out of spite."})

    assert answer.status_code == status
    assert not is_locked(seized.pk)
    assert page_of(seized) not in client.get(reverse("people:person", args=[seized.pk])).content.decode()


def test_whoever_is_locked_is_shown_nowhere_until_unlocked(world):
    seized, colleague = world.people[STAFF], as_who(world.people[DELEGATE])
    directory = head("directory")
    pages = [
        reverse("people:person", args=[seized.pk]),
        f"/people/organisations/{world.alpha.slug}/",
        "/members/people/",
    ]
    shown = ["Sam Staff" in colleague.get(page).content.decode() for page in pages]

    lockdown = account_lock(world.people[ADMINISTRATOR], person=seized, why="")
    hidden = ["Sam Staff" in colleague.get(page).content.decode().split('id="history"')[0] for page in pages]
    unlock_propose(world.people[ADMINISTRATOR], lockdown=lockdown, why="Met.")
    unlock_confirm(world.people[SECRETARIAT], lockdown=lockdown, why="Heard.")
    again = ["Sam Staff" in colleague.get(page).content.decode() for page in pages]

    assert shown == [True] * 3
    assert hidden == [False] * 3
    assert again == [True] * 3
    assert head("directory") > directory


def test_locking_the_only_administrator_lets_the_secretariat_recover(world):
    account_lock(world.people[SECRETARIAT], person=world.people[ADMINISTRATOR], why="")

    assert policies.can_recover(world.people[SECRETARIAT], world.alpha)
