"""Requests of one person at the same moment do not lock each other out, whatever is noted of their session.

Each has a connection of its own and a cache of its own, as two processes have.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from memberships.people.models import Profile
from memberships.people.services.effects import ensure_profile
from portal.accounts.models import User
from portal.privacy.services.leaving import erasure_ask
from tests.architecture.world import ADMINISTRATOR, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_process_knows_what_another_has_noted(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def reader(world):
    reader = world.people[ADMINISTRATOR]
    ensure_profile(reader)
    return reader


@pytest.fixture
def tabs(reader):
    """Two tabs of one browser."""
    signed_in = Client()
    signed_in.force_login(reader)
    signed_in.get("/accounts/security/")
    key = signed_in.session.session_key
    UserSession.objects.create(user=reader, session_key=key, ip="127.0.0.1", user_agent="Test")
    found = [Client(raise_request_exception=False) for _ in range(2)]
    for tab in found:
        tab.cookies.load({name: morsel.value for name, morsel in signed_in.cookies.items()})
    return found


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def sent(tab, address, **data):
    """The status of the answer; the thread's connection is closed after it."""
    try:
        return tab.post(address, data).status_code
    finally:
        connections.close_all()


def close(person):
    """Ask to be erased; the thread's connection is closed after it."""
    try:
        erasure_ask(person, even_so=True)
    finally:
        connections.close_all()


def until_they_wait(number):
    """Return when so many connections wait for a lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            waiting = cursor.fetchone()[0]
        if waiting >= number:
            return
        time.sleep(0.02)
    raise AssertionError(f"{waiting} connections wait, not {number}")


def test_a_doubled_request_is_not_locked_out_by_the_note(world, reader, tabs, pool):
    """One holds its owner's row when the other is to be committed, which refers to that row, and is then noted."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=reader.pk)
        confirming = pool.submit(sent, tabs[0], f"/organisations/{world.alpha.slug}/confirm/")
        until_they_wait(1)  # all is done but the commit
        now = timezone.now()
        assert Session.objects.update(expire_date=now + timedelta(days=1)) == 1
        assert UserSession.objects.update(last_seen_at=now) == 1

    assert confirming.result(timeout=20) == 302


def test_what_only_refers_to_a_person_does_not_wait_for_changes_of_that_person(world, reader, tabs, pool):
    profile = {"name": "Ada New", "email_audience": "colleagues", "phone_audience": "colleagues"}
    with transaction.atomic():
        Profile.objects.select_for_update().get(person=reader)
        renaming = pool.submit(sent, tabs[0], "/people/me/edit/", **profile)
        until_they_wait(1)  # in the middle, holding its owner's row

        confirming = pool.submit(sent, tabs[1], f"/organisations/{world.alpha.slug}/confirm/").result(timeout=20)

    assert (confirming, renaming.result(timeout=20)) == (302, 302)


def test_an_account_is_closed_while_an_act_of_its_owner_is_on_its_way(world, reader, tabs, pool):
    """Closing ends all sessions, and waits for that of the act; the act must not wait for the closing."""
    first = "0" * 32  # sessions are ended in the order of their keys
    Session.objects.create(session_key=first, session_data="", expire_date=timezone.now() + timedelta(days=1))
    UserSession.objects.create(user=reader, session_key=first, ip="127.0.0.1", user_agent="Test")
    with transaction.atomic():
        Session.objects.select_for_update().get(pk=first)
        closing = pool.submit(close, reader)
        until_they_wait(1)

        acting = pool.submit(sent, tabs[0], f"/organisations/{world.alpha.slug}/confirm/").result(timeout=20)

    closing.result(timeout=20)
    reader.refresh_from_db()
    assert (acting, reader.is_active) == (302, False)
