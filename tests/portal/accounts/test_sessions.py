"""Cookies, fixation, and the two ages of a session (check B9); what a session that ended cannot do any more."""

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from portal.access import roles
from portal.accounts import services
from portal.accounts.middleware import SessionAtTheEndMiddleware, SessionMiddleware
from portal.accounts.models import User
from portal.accounts.sessions import ANONYMOUS, MEMBER, STARTED, STRICT, SessionStore, is_alive
from portal.accounts.tasks import sessions_tidy
from portal.live.hub import Hub
from portal.live.limits import SESSION_ENDED
from tests.factories.accounts import PASSWORD, current_code, person, with_factor

SECURITY, LOGIN = "/accounts/security/", "/accounts/login/"
COOKIE = settings.SESSION_COOKIE_NAME
MINUTE = timedelta(minutes=1)


def sign_in(reader):
    client = Client()
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    return client


def row_of(client):
    return Session.objects.get(pk=client.session.session_key)


def ends_in(client):
    return row_of(client).expire_date - timezone.now()


def go_back(client, **moved):
    """As if what the session says of itself had been written so long ago."""
    session = client.session
    session[STARTED] -= int(timedelta(**moved).total_seconds())
    session.save()
    Session.objects.filter(pk=session.session_key).update(expire_date=row_of(client).expire_date)


@pytest.fixture
def reader(db):
    return person("Rita Reader")


@pytest.fixture
def officer(db):
    """One of the Secretariat, signed in with code."""
    officer = with_factor(person("Sekou Retariat"))
    roles.grant(roles.SECRETARIAT, officer, roles.network())
    return officer


def test_a_key_known_before_the_sign_in_is_worth_nothing_after_it(reader):
    """Fixation: the anonymous key is left behind, and a key that somebody made up is never taken."""
    client = Client()
    client.cookies[COOKIE] = "a" * 32
    client.get(LOGIN)
    planted = SessionStore()
    planted["planted"] = True
    planted.create()
    client.cookies[COOKIE] = planted.session_key

    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})

    assert client.cookies[COOKIE].value not in {"a" * 32, planted.session_key}
    assert not Session.objects.filter(pk__in=["a" * 32, planted.session_key]).exists()
    thief = Client()
    thief.cookies[COOKIE] = planted.session_key
    assert thief.get(SECURITY).status_code == 302


def test_the_cookie_is_for_this_site_and_for_no_script(reader):
    cookie = sign_in(reader).cookies[COOKIE]

    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert (cookie["expires"], cookie["max-age"]) == ("", "")  # gone when the browser is closed


def test_in_production_cookies_belong_to_this_host_alone():
    """Read from the settings as production reads them; `tests/deploy` sees the same through the proxy."""
    production = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "gx7$P2!nQv9zR4#tLw8@Km3%Bh6^Yd1&Fs5*Jc0(Ua-Ei+Ow=Xk",
        "FACTOR_KEY": "Nn4!xB8@qL1$wE6^rT3*yU9(iO5-pA2=sD7_fG0+hJ4#kZ1%cV",
        "DATABASE_URL": "postgresql://plenary@db.example.org/plenary",
        "ALLOWED_HOSTS": "portal.example.org",
        "PUBLIC_ADDRESS": "https://portal.example.org",
        "EMAIL_URL": "smtps://mail.example.org/",
    }
    read = (
        "import json, runpy; found = runpy.run_path('portal/settings.py').items(); "
        "print(json.dumps({name: value for name, value in found if 'COOKIE' in name}))"
    )

    said = subprocess.run([sys.executable, "-c", read], env=production, capture_output=True, text=True, check=True)

    found = json.loads(said.stdout)
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    for name in ("SESSION", "CSRF"):
        assert (found[f"{name}_COOKIE_SECURE"], found[f"{name}_COOKIE_HTTPONLY"]) == (True, True)
        assert f"{name}_COOKIE_DOMAIN" not in found
        assert f"{name}_COOKIE_PATH" not in found


def test_where_a_device_is_used_is_kept_so_coarsely_that_it_leads_nowhere(reader):
    home, abroad = Client(REMOTE_ADDR="203.0.113.77"), Client(REMOTE_ADDR="2001:db8:1:2:3:4:5:6")
    for client in (home, abroad):
        client.post(LOGIN, {"login": reader.email, "password": PASSWORD})

    seen_at_sign_in = set(reader.usersession_set.values_list("ip", flat=True))
    page = home.get(SECURITY)
    moved = Client(REMOTE_ADDR="198.51.100.9")
    moved.cookies = abroad.cookies
    cache.clear()
    moved.get(SECURITY)

    assert seen_at_sign_in == {"203.0.0.0", "2001:db8::"}
    assert [(device.network, device.is_near) for device in page.context["devices"]] == [
        ("203.0.0.0/16", True),
        ("2001:db8::/32", False),
    ]
    assert "Last used from another network, <bdi>2001:db8::/32</bdi>" in page.content.decode()
    assert "113.77" not in page.content.decode()
    assert set(reader.usersession_set.values_list("ip", flat=True)) == {"203.0.0.0", "198.51.0.0"}


def test_a_session_ends_two_weeks_after_its_last_use(reader):
    client = sign_in(reader)
    assert MEMBER.idle - MINUTE < ends_in(client) <= MEMBER.idle

    Session.objects.update(expire_date=timezone.now() - MINUTE)

    assert client.get(SECURITY).status_code == 302


def test_use_makes_it_last_but_not_beyond_its_absolute_age(reader):
    client = sign_in(reader)
    Session.objects.update(expire_date=timezone.now() + MINUTE)
    cache.clear()  # minutes go by

    client.get(SECURITY)
    assert ends_in(client) > MEMBER.idle - MINUTE

    go_back(client, days=88)
    cache.clear()
    client.get(SECURITY)
    assert timedelta(days=2) - MINUTE < ends_in(client) <= timedelta(days=2)

    go_back(client, days=2)
    cache.clear()
    client.get(SECURITY)
    assert client.get(SECURITY).status_code == 302


def test_what_an_open_page_fetches_by_itself_is_no_use(reader):
    client = sign_in(reader)
    Session.objects.update(expire_date=timezone.now() + MINUTE)
    cache.clear()

    client.get(SECURITY, headers={"X-Live": "true"})

    assert ends_in(client) <= MINUTE


def test_the_secretariat_signs_in_each_day(officer):
    client = sign_in(officer)
    client.post("/accounts/2fa/authenticate/", {"code": current_code()})

    assert STRICT.idle - MINUTE < ends_in(client) <= STRICT.idle
    go_back(client, days=13, hours=22)
    cache.clear()
    client.get(SECURITY)
    assert timedelta(hours=1) < ends_in(client) <= timedelta(hours=2)


def test_a_role_that_is_given_makes_the_running_session_strict(officer):
    roles.revoke(roles.SECRETARIAT, officer, roles.network())
    client = sign_in(officer)
    client.post("/accounts/2fa/authenticate/", {"code": current_code()})
    roles.grant(roles.SECRETARIAT, officer, roles.network())
    cache.clear()

    client.get(SECURITY)

    assert ends_in(client) <= STRICT.idle


def test_nobodys_session_lasts_a_day(db):
    session = SessionStore()
    session["step"] = 1
    session.save()

    assert Session.objects.get().expire_date <= timezone.now() + ANONYMOUS


def test_sessions_that_ran_out_are_removed_by_the_hour(reader):
    sign_in(reader), sign_in(reader)
    Session.objects.filter(pk=Session.objects.first().pk).update(expire_date=timezone.now() - MINUTE)

    sessions_tidy(timestamp=0)

    assert (Session.objects.count(), reader.usersession_set.count()) == (1, 1)


def test_a_session_that_ended_does_not_go_on_under_a_new_key(reader):
    client = sign_in(reader)
    in_flight = client.session
    assert in_flight["_auth_user_id"]
    services.sessions_end_all(reader)

    with pytest.raises(SessionInterrupted):
        in_flight.cycle_key()

    assert Session.objects.count() == 0


def test_one_that_lives_goes_on_under_a_new_key_with_its_age(reader):
    session = sign_in(reader).session
    before, started = session.session_key, session[STARTED]

    session.cycle_key()

    assert session.session_key != before
    assert session[STARTED] == started
    assert not is_alive(before)
    assert is_alive(session.session_key)


def test_whoever_is_signed_out_under_a_request_is_sent_to_sign_in(reader, rf):
    """Also where the request only reads, and would have written its session back."""
    key = sign_in(reader).session.session_key

    def ended_meanwhile(request):
        request.session["chosen"] = 1
        services.sessions_end_all(reader)
        return HttpResponse("what a signed-in person reads")

    request = rf.get(SECURITY)
    request.COOKIES[COOKIE] = key

    answer = SessionMiddleware(ended_meanwhile)(request)

    assert (answer.status_code, answer.url) == (302, LOGIN)
    assert answer.cookies[COOKIE].value == ""
    assert Session.objects.count() == 0


@pytest.mark.parametrize(("seconds", "status"), [(0.0, 302), (60.0, 200)])
def test_a_page_that_took_long_is_shown_only_to_whoever_is_still_signed_in(seconds, status, reader, monkeypatch, rf):
    monkeypatch.setattr("portal.accounts.middleware.SLOW_SECONDS", seconds)
    session = sign_in(reader).session

    def ended_meanwhile(_request):
        services.sessions_end_all(reader)
        return HttpResponse("what a signed-in person reads")

    request = rf.get("/members/")
    request.session, request.user = session, reader

    assert SessionAtTheEndMiddleware(ended_meanwhile)(request).status_code == status


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_sign_each_other_out_leave_one():
    reader = person("Rita Reader")
    devices = [sign_in(reader), sign_in(reader)]
    start, answers = threading.Barrier(2), []

    def sign_out_the_other(client):
        start.wait()
        try:
            answers.append(client.post("/accounts/sessions/end/"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign_out_the_other, args=[client]) for client in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.url for answer in answers) == [LOGIN, SECURITY]
    assert [client.get(SECURITY).status_code for client in devices].count(200) == 1
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
async def test_sockets_are_closed_when_the_session_is_too_old():
    reader = await database_sync_to_async(person)("Rita Reader")
    client = await database_sync_to_async(sign_in)(reader)
    key = await database_sync_to_async(lambda: client.session.session_key)()
    hub = Hub()
    listening = await hub.enter(reader.pk, key)
    await hub.beat()
    before = listening.closing

    await database_sync_to_async(lambda: Session.objects.update(expire_date=timezone.now() - MINUTE))()
    await hub.beat()

    for task in hub.tasks:
        task.cancel()
    assert before is None
    assert listening.closing == SESSION_ENDED


def test_a_locked_person_is_nobody_even_with_a_session(reader):
    """Two guards, one of which is enough: the rows go, and who is locked is not loaded."""
    client = sign_in(reader)
    User.objects.filter(pk=reader.pk).update(is_active=False, locked_at=timezone.now())

    assert client.get(SECURITY).status_code == 302
