"""A device that was signed out is out within two seconds, whatever it is in the middle of (check B6).

Against a real server, for what is at stake are sockets, half-sent requests, and requests that already run.
"""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connections, transaction

from portal.accounts.models import User
from portal.audit.models import Entry
from tests.factories.accounts import person
from tests.portal.accounts.server import Browser, closing_of, rest, serving

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNT, SECURITY, OTHERS = "/accounts/", "/accounts/security/", "/accounts/sessions/end/"
AT_ONCE = 2.0  # seconds
NEW = {"name": "Seized Name", "language": "en", "time_zone": "UTC", "appearance": "auto"}


@pytest.fixture
def port():
    with serving() as number:
        yield number


@pytest.fixture
def reader():
    return person("Rita Reader")


def sign_out_others(browser):
    body = browser.form(SECURITY)
    began = time.monotonic()
    status, _to, _page = browser.ask("POST", OTHERS, body)
    assert status == 302
    return began


def closed_within(listening, began):
    code = closing_of(listening, AT_ONCE)
    assert code is not None, "the socket is still open"
    assert time.monotonic() - began < AT_ONCE
    return code


def test_a_device_signed_out_elsewhere_is_out_at_once(port, reader):
    """Its socket is closed, its half-sent form has no effect, its cookie opens nothing, its row does not come back."""
    seized, own = Browser(port, reader), Browser(port, reader)
    form = seized.form(ACCOUNT, **NEW)
    with seized.listen() as listening:
        half = seized.begin(ACCOUNT, form, len(form) // 2)

        began = sign_out_others(own)

        assert closed_within(listening, began) == 4001
    answer = rest(half, form[len(form) // 2 :])
    assert answer.startswith("HTTP/1.1 302")
    assert "/accounts/login/" in answer
    assert seized.ask("GET", SECURITY)[:2] == (302, f"/accounts/login/?next={SECURITY}")
    assert User.objects.get(pk=reader.pk).name == "Rita Reader"
    assert not Session.objects.filter(pk=seized.session).exists()
    assert not UserSession.objects.filter(session_key=seized.session).exists()
    assert own.ask("GET", SECURITY)[0] == 200


def test_a_request_that_runs_already_does_nothing(port, reader):
    """The session is ended while the act is being done: it is undone, with its entry in the record."""
    seized, own = Browser(port, reader), Browser(port, reader)
    form = seized.form(ACCOUNT, **NEW)
    with transaction.atomic():
        # The act waits for this row, in the middle of its own transaction.
        User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        running = seized.begin(ACCOUNT, form, len(form))
        time.sleep(1)

        began = sign_out_others(own)

        assert time.monotonic() - began < AT_ONCE  # it waits for nobody
    answer = rest(running, "")
    assert answer.startswith("HTTP/1.1 302")
    assert "/accounts/login/" in answer
    assert User.objects.get(pk=reader.pk).name == "Rita Reader"
    assert not Entry.objects.filter(verb="person.renamed").exists()
    assert not Session.objects.filter(pk=seized.session).exists()
    connections.close_all()


def test_without_that_it_would_have_been_done(port, reader):
    """The same request from a device that nobody signs out: what the two tests above forbid does work."""
    seized = Browser(port, reader)
    form = seized.form(ACCOUNT, **NEW)

    answer = rest(seized.begin(ACCOUNT, form, len(form)), "")

    assert answer.startswith("HTTP/1.1 302")
    assert User.objects.get(pk=reader.pk).name == "Seized Name"
