"""The same key at the same moment in many threads, each with its own connection, as processes have."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.test import Client

from portal.accounts.models import Invitation
from portal.idempotency import services
from portal.idempotency.keys import Seal, new_key
from portal.idempotency.models import Write
from portal.idempotency.services import KeyReused, claim, forget_old, keep, once
from portal.live.models import Event
from portal.live.services import publish
from tests.architecture.world import ADMINISTRATOR, STAFF, make_world
from tests.factories.accounts import PASSWORD, person
from tests.portal.idempotency import urls
from tests.portal.idempotency.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.portal.idempotency.urls")]

AT_ONCE = 20


def browsers(like, number):
    """So many tabs of one browser: the same cookies."""
    found = [Client(raise_request_exception=False) for _ in range(number)]
    for browser in found:
        browser.cookies.load({name: morsel.value for name, morsel in like.cookies.items()})
    return found


def sent_at_once(like, address, data, number=AT_ONCE):
    """The answers to one form sent so many times at once."""
    data = {**data, "idempotency_key": new_key()}
    return together(*(lambda tab=tab: tab.post(address, data) for tab in browsers(like, number)))


@pytest.fixture
def sender():
    client = Client()
    client.force_login(person())
    return client


def test_one_effect_one_answer_and_one_of_what_follows(sender):
    urls.committed.clear()
    answers = sent_at_once(sender, "/test/redirects/", {"a": "b"})

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/done/1/")}
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == AT_ONCE - 1
    assert (Event.objects.count(), Write.objects.count(), urls.committed) == (1, 1, ["once"])


def test_an_invitation_is_sent_once():
    world = make_world()
    client = Client()
    client.force_login(world.people[ADMINISTRATOR])
    data = {"email": "new@example.org", "name": "New Comer", "language": "en"}

    answers = sent_at_once(client, f"/people/organisations/{world.alpha.slug}/invite/", data)

    assert {answer.status_code for answer in answers} == {302}
    assert Invitation.objects.count() == 1


def test_a_sign_in_begins_one_session():
    cache.clear()
    world = make_world()
    client = Client()
    client.get("/accounts/login/")
    data = {"login": world.people[STAFF].email, "password": PASSWORD}

    answers = sent_at_once(client, "/accounts/login/", data, 8)

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.cookies[settings.SESSION_COOKIE_NAME].value for answer in answers}) == 1


def test_a_refused_form_frees_those_that_wait(sender):
    answers = sent_at_once(sender, "/test/refuses/", {}, 5)

    assert [answer.status_code for answer in answers] == [403] * 5
    assert Write.objects.count() == 0


def test_a_changed_password_is_answered_alike_although_it_ends_the_session():
    world = make_world()
    client = Client()
    client.force_login(world.people[STAFF])
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/")
    data = {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"}

    answers = sent_at_once(client, "/accounts/password/change/", data)

    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == AT_ONCE - 1


def test_an_error_lets_the_next_one_try(sender):
    answers = sent_at_once(sender, "/test/fails/", {}, 5)

    assert [answer.status_code for answer in answers] == [500] * 5
    assert (Event.objects.count(), Write.objects.count()) == (0, 0)


def test_who_waits_too_long_is_told_and_nothing_is_done(sender, monkeypatch):
    monkeypatch.setattr(services, "WAIT", timedelta(milliseconds=200))
    owner = f"person:{sender.session['_auth_user_id']}"
    key, held, tried = new_key(), threading.Event(), threading.Event()

    def holds():
        with transaction.atomic():
            claim(Seal(owner, key), b"f" * 32)
            held.set()
            assert tried.wait(timeout=20)
            transaction.set_rollback(True)

    def tries():
        assert held.wait(timeout=20)
        try:
            return browsers(sender, 1)[0].post("/test/redirects/", {"idempotency_key": key})
        finally:
            tried.set()

    _none, answer = together(holds, tries)

    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "5")
    assert "This is still being done" in answer.text
    assert Event.objects.count() == 0
    assert browsers(sender, 1)[0].post("/test/redirects/", {"idempotency_key": key}).status_code == 302


def test_the_limit_is_for_the_wait_only():
    with transaction.atomic(), connection.cursor() as cursor:
        claim(Seal("person:1", new_key()), b"f" * 32)
        cursor.execute("SHOW lock_timeout")

        assert cursor.fetchone() == ("0",)


def test_a_connection_lost_before_the_commit_leaves_nothing(sender):
    """What a killed process leaves: neither effect nor key."""
    seal = Seal("person:1", new_key())
    with suppress(OperationalError), transaction.atomic():
        claim(seal, b"f" * 32)
        publish("test", kind="done")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()

    assert (Event.objects.count(), Write.objects.count()) == (0, 0)


class TestCommands:
    """What the live socket will use."""

    def command(self, sent, key, content=None):
        def act():
            return {"number": publish("t", kind="x").number}

        return once(sent, key, "post.create", content or {"text": "a"}, act)

    def test_at_once(self):
        sent, key = person(), new_key()

        answers = together(*(lambda: self.command(sent, key) for _ in range(AT_ONCE)))

        assert answers == [{"number": 1}] * AT_ONCE
        assert Event.objects.count() == 1

    def test_other_content_is_refused(self):
        sent, key = person(), new_key()
        self.command(sent, key)

        with pytest.raises(KeyReused):
            self.command(sent, key, {"text": "b"})

        assert Event.objects.count() == 1

    def test_what_fails_is_undone_and_may_be_tried_again(self):
        sent, key = person(), new_key()

        def fails():
            publish("t", kind="x")
            raise RuntimeError

        with pytest.raises(RuntimeError):
            once(sent, key, "post.create", {"text": "a"}, fails)

        assert Event.objects.count() == 0
        assert self.command(sent, key) == {"number": 1}

    def test_a_key_is_asked_for(self):
        for key in ("", "short", "x" * 101):
            with pytest.raises(ValueError):
                self.command(person(), key)

    def test_two_people_may_have_the_same_key(self):
        key = new_key()

        assert [self.command(person(), key)["number"] for _ in range(2)] == [1, 2]


def test_answers_are_forgotten_after_a_day(sender):
    owner = person()
    old, young = new_key(), new_key()
    for key in (old, young):
        with transaction.atomic():
            taken = claim(Seal(f"person:{owner.pk}", key), b"f" * 32)
            keep(taken, b"answer")
    first = services.writes_of(owner).order_by("pk").first()
    Write.objects.filter(pk=first.pk).update(at=first.at - timedelta(hours=23, minutes=1))

    assert forget_old() == 1
    assert services.writes_of(owner).count() == 1
