"""One code works once: on every process, with every cache emptied, at the same moment (check B2)."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.core.cache import cache
from django.db import connection
from django.test import Client

from portal.accounts.models import User
from portal.accounts.services.factors import code_accept
from portal.accounts.services.guesses import CODE_ACCOUNT
from portal.audit.models import Entry
from tests.factories.accounts import (
    PASSWORD,
    TOTP_SECRET,
    person,
    recovery_codes,
    with_authenticator_app,
    with_factor,
)

LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
AT_ONCE = 8


class Clock:
    """A clock that stands until it is set; `step` counts in thirty seconds."""

    def __init__(self, monkeypatch):
        self.now = time.time() // 30 * 30 + 15.0
        monkeypatch.setattr("portal.accounts.services.factors.time.time", lambda: self.now)

    def code(self, steps=0):
        return format_hotp_value(hotp_value(TOTP_SECRET, int(self.now) // 30 + steps))


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def owner(db):
    return with_authenticator_app(person())


def test_a_code_is_refused_for_as_long_as_it_could_count_and_with_an_empty_cache(owner, clock):
    code = clock.code()
    first = code_accept(owner, code=code)
    again = []

    for _second in range(120):
        cache.clear()
        again.append(code_accept(owner, code=code))
        clock.now += 1

    assert first is not None
    assert again == [None] * 120


def test_a_code_of_the_step_before_counts_and_none_of_another_time(owner, clock):
    outcomes = {steps: code_accept(owner, code=clock.code(steps)) is not None for steps in (-3, -2, 1, 2, -1)}

    assert outcomes == {-3: False, -2: False, 1: False, 2: False, -1: True}


def test_a_code_typed_at_the_last_second_counts_when_it_arrives(owner, clock):
    clock.now = clock.now // 30 * 30 + 29.9
    code = clock.code()
    clock.now += 20

    assert code_accept(owner, code=code) is not None


def test_nothing_older_than_the_last_code_counts(owner, clock):
    before = clock.code(-1)
    now = code_accept(owner, code=clock.code())

    assert now is not None
    assert code_accept(owner, code=before) is None


def test_the_code_that_added_the_app_is_used_up(db, client, clock):
    reader = person()
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    add_app(client, clock)

    browser = Client()
    browser.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    browser.post(CODE, {"code": clock.code()})

    assert reader.authenticator_set.filter(type="totp").exists()
    assert "_auth_user_id" not in browser.session


def at_once(work):
    """What `AT_ONCE` threads get who do `work` at the same moment, each with a connection of its own."""
    ready = Barrier(AT_ONCE)

    def one(_number):
        try:
            ready.wait(timeout=30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery code"])
def test_one_code_at_the_same_moment_signs_one_browser_in(kind, clock):
    owner = with_authenticator_app(person())
    code = clock.code() if kind == "app" else recovery_codes(owner)[0]

    accepted = at_once(lambda: code_accept(User.objects.get(pk=owner.pk), code=code) is not None)

    assert sorted(accepted) == [False] * (AT_ONCE - 1) + [True]


@pytest.mark.django_db(transaction=True)
def test_through_the_pages_too(clock):
    owner = with_authenticator_app(person())
    browsers = [Client() for _ in range(4)]
    for browser in browsers:
        browser.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    ready, code = Barrier(len(browsers)), clock.code()

    def give(browser):
        try:
            ready.wait(timeout=30)
            cache.clear()
            browser.post(CODE, {"code": code})
            return "_auth_user_id" in browser.session
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as threads:
        signed_in = list(threads.map(give, browsers))

    assert sorted(signed_in) == [False, False, False, True]


def test_refused_codes_are_in_the_record_but_do_not_fill_it(owner, client):
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})

    for _ in range(12):
        client.post(CODE, {"code": "000000"})

    refused = Entry.objects.filter(target_id=owner.pk, target_type="accounts.user")
    assert 1 <= refused.filter(verb="person.code_refused").count() <= 3
    assert 1 <= refused.filter(verb="person.code_slowed").count() <= 3
    assert "000000" not in str(list(refused.values()))


def test_guessing_codes_ends_soon(owner, client, clock):
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})

    for _ in range(CODE_ACCOUNT.at_once):
        client.post(CODE, {"code": "000000"})
    answer = client.post(CODE, {"code": clock.code()})

    assert "Too many attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_first_factor_signs_other_devices_out(db, client, clock, django_capture_on_commit_callbacks):
    """Who knows the password and waits on another device for the rights that come with the factor waits in vain."""
    reader = person()
    other = Client()
    for browser in (other, client):
        browser.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        add_app(client, clock)

    assert client.get("/accounts/security/").status_code == 200
    assert other.get("/accounts/security/").status_code == 302


def add_app(client, clock):
    client.get("/accounts/2fa/totp/activate/")
    session = client.session
    session["accounts.new_factor"] = encrypt(TOTP_SECRET)
    session.save()
    return client.post("/accounts/2fa/totp/activate/", {"code": clock.code()})


def test_a_key_that_does_not_open_a_factor_refuses_and_says_why(db, settings, caplog):
    owner = with_factor(person())
    settings.FACTOR_KEY = "another key of second factors that opens nothing of what there is"

    assert code_accept(owner, code="123456") is None
    assert "is FACTOR_KEY the right one?" in caplog.text
