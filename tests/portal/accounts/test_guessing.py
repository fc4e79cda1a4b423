"""Guessing is slowed, and nobody is locked out by it (check B5), not even a processor (check G4)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.accounts.models import Guesses, KnownDevice
from portal.accounts.services import guesses
from portal.accounts.services.guesses import ACCOUNT, NETWORK, Allowance, take
from portal.accounts.tasks import guesses_tidy
from portal.audit.models import Entry
from tests.factories.accounts import PASSWORD, person, with_authenticator_app

LOGIN = "/accounts/login/"
ADDRESSES = [f"203.0.113.{number}" for number in range(20)]


def signed_in(client):
    return "_auth_user_id" in client.session


def sign_in(client, reader, password=PASSWORD, **headers):
    return client.post(LOGIN, {"login": reader.email, "password": password}, **headers)


def sign_out(client):
    """By the button: the browser keeps its other cookies, which the test client's own way out drops."""
    client.post("/accounts/logout/")


@pytest.fixture
def hashes(settings):
    """Counts computations of passwords."""
    settings.PASSWORD_HASHERS = ["tests.portal.accounts.counting.CountingHasher"]
    hasher = import_string(settings.PASSWORD_HASHERS[0])
    hasher.count = 0
    return hasher


class Clock:
    """The time by which allowances drain."""

    def __init__(self, monkeypatch):
        self.now = timezone.now()
        monkeypatch.setattr("portal.accounts.services.guesses.timezone.now", lambda: self.now)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def test_a_thousand_guesses_in_five_minutes_from_twenty_addresses(db, hashes, clock):
    owner, at_home = person(), Client()
    sign_in(at_home, owner)
    sign_out(at_home)
    hashes.count, owner_got_in = 0, []
    attackers = [Client(REMOTE_ADDR=address) for address in ADDRESSES]

    for number in range(1000):
        clock.now += timedelta(seconds=0.3)
        if number % 50 == 0:
            cache.clear()  # limits of a cache would be gone
        sign_in(attackers[number % 20], owner, f"guess {number}")
        if number % 100 == 99:
            before = hashes.count
            sign_in(at_home, owner)
            owner_got_in.append(signed_in(at_home))
            sign_out(at_home)
            hashes.count = before

    assert hashes.count <= 60
    assert owner_got_in == [True] * 10
    assert not any(map(signed_in, attackers))


def test_one_address_that_tries_many_accounts_is_slowed(db, hashes, clock):
    attacker = Client(REMOTE_ADDR=ADDRESSES[0])

    for number in range(200):
        attacker.post(LOGIN, {"login": f"person{number}@example.net", "password": "guess"})

    assert hashes.count == NETWORK.at_once


def test_ipv6_neighbours_are_one_network(db, hashes, clock):
    for number in range(100):
        Client(REMOTE_ADDR=f"2001:db8::{number:x}").post(
            LOGIN, {"login": f"person{number}@example.net", "password": "guess"}
        )

    assert hashes.count == NETWORK.at_once


def test_a_flood_from_everywhere_is_not_hashed(db, hashes, clock):
    for number in range(500):
        Client(REMOTE_ADDR=f"198.51.{number % 250}.{number // 250}").post(
            LOGIN, {"login": f"person{number}@example.net", "password": "guess"}
        )

    assert hashes.count <= 60


def test_a_try_that_succeeds_costs_nothing(db):
    reader = person()

    outcomes = []
    for _ in range(3 * ACCOUNT.at_once):
        browser = Client()
        sign_in(browser, reader)
        outcomes.append(signed_in(browser))

    assert all(outcomes)


def test_known_and_unknown_addresses_wait_alike(db, clock):
    reader = person()
    statuses = {}
    for login in (reader.email, "nobody@example.org"):
        browser = Client(REMOTE_ADDR=ADDRESSES[len(statuses)])
        answers = [browser.post(LOGIN, {"login": login, "password": "wrong"}) for _ in range(7)]
        statuses[login] = [("Too many" in answer.content.decode(), answer.status_code) for answer in answers]

    first, second = statuses.values()
    assert first == second
    assert first == [(False, 200)] * 5 + [(True, 200)] * 2


def test_waiting_helps(db, clock):
    reader, browser = person(), Client()
    for _ in range(6):
        sign_in(browser, reader, "wrong")
    sign_in(browser, reader)
    at_once = signed_in(browser)

    clock.now += ACCOUNT.every
    sign_in(browser, reader)

    assert (at_once, signed_in(browser)) == (False, True)


def test_a_known_browser_has_an_end_too(db, clock):
    reader, browser = person(), Client()
    sign_in(browser, reader)
    sign_out(browser)

    answers = [sign_in(browser, reader, "wrong").content.decode() for _ in range(guesses.KNOWN_DEVICE.at_once + 1)]

    assert ["Too many" in answer for answer in answers] == [False] * guesses.KNOWN_DEVICE.at_once + [True]


def test_a_passkey_needs_no_allowance(db, client, clock):
    """What the test of passkeys shows to sign in is not asked for here: no limit is even looked at."""
    for _ in range(50):
        client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"})

    assert Guesses.objects.count() == 0


def test_the_cookie_is_nobody_elses_and_new_after_each_sign_in(db):
    reader, other, browser = person(), person(), Client()
    sign_in(browser, reader)
    first = browser.cookies["known-device"]
    value = first.value
    sign_out(browser)
    sign_in(browser, other)
    sign_out(browser)
    sign_in(browser, reader)

    assert (first["httponly"], first["samesite"], first["path"]) == (True, "Lax", "/")
    assert browser.cookies["known-device"].value != value
    assert KnownDevice.objects.filter(person=reader).count() == KnownDevice.objects.filter(person=other).count() == 1
    old = Client()
    old.cookies["known-device"] = value
    assert [sign_in(old, reader, "wrong").status_code for _ in range(5)] == [200] * 5
    assert "Too many" in sign_in(old, reader, "wrong").content.decode()  # an old token is a stranger's


@pytest.mark.parametrize("cookie", ["x", "W10:1abc:x", "", "é", "[" * 3000])
def test_a_cookie_that_was_made_up_is_that_of_a_stranger(cookie, db, client):
    reader = person()
    client.cookies["known-device"] = cookie

    answer = sign_in(client, reader)

    assert answer.status_code == 302


def test_a_changed_password_makes_all_browsers_strangers(db, client):
    reader = person()
    sign_in(client, reader)
    new = {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"}

    client.post("/accounts/password/change/", new)

    assert KnownDevice.objects.filter(person=reader).count() == 0


def test_guesses_of_someone_signed_in_are_counted_by_their_session(db):
    reader, thief, owner = person(), Client(), Client()
    sign_in(thief, reader)
    sign_in(owner, reader)

    answers = [thief.post("/accounts/reauthenticate/", {"password": "guess"}) for _ in range(6)]
    right = owner.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/security/"})

    assert "Too many" in answers[-1].content.decode()
    assert right.status_code == 302


def test_refused_sign_ins_are_in_the_record_but_do_not_fill_it(db, client):
    reader = person()

    for number in range(30):
        sign_in(client, reader, f"wrong {number}", REMOTE_ADDR=ADDRESSES[number % 20])

    entries = Entry.objects.filter(target_id=reader.pk, target_type="accounts.user", actor=None)
    assert 1 <= entries.filter(verb="person.sign_in_refused").count() <= 3
    assert 1 <= entries.filter(verb="person.sign_in_slowed").count() <= 3
    assert reader.email not in str(list(entries.values()))
    assert "wrong" not in str(list(entries.values("details")))


def test_a_secret_that_is_right_is_not_told_while_waiting(db, clock):
    """Right and wrong passwords get the same answer: waiting says nothing about the guess."""
    owner, attacker = with_authenticator_app(person()), Client()
    for _ in range(5):
        sign_in(attacker, owner, "wrong")

    wrong, right = sign_in(attacker, owner, "wrong"), sign_in(attacker, owner)

    assert wrong.status_code == right.status_code == 200
    assert "Too many" in right.content.decode()


def test_allowances_drain_and_are_tidied(db, clock):
    allowance = Allowance("test", 2, timedelta(seconds=10))

    now = [take(allowance, "x") for _ in range(3)]
    clock.now += timedelta(seconds=10)
    then = [take(allowance, "x") for _ in range(2)]
    Guesses.objects.update(at=timezone.now() - timedelta(days=2))
    guesses_tidy(timestamp=0)

    assert (now, then) == ([True, True, False], [True, False])
    assert Guesses.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_there_are_not_more_of_them():
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    allowance = Allowance("test", 5, timedelta(hours=1))

    def one(_number):
        try:
            return take(allowance, "x")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        taken = list(threads.map(one, range(40)))

    assert sum(taken) == 5
