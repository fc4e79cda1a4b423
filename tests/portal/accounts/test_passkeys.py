"""Passkeys, answered by one made of software: added, signed in with, asked for again, renamed, removed."""

import html
import json
import re

import pytest
from django.core import mail
from django.urls import reverse

from portal.audit.models import Entry
from tests.factories.accounts import PASSWORD, person
from tests.factories.passkeys import Passkey
from tests.jobs import run_jobs

LOGIN, ADD, ALONE = "/accounts/login/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"
AGAIN = "/accounts/2fa/webauthn/reauthenticate/"


def options(page):
    """What a page gives the browser to ask the key."""
    text = re.search(r'<script id="passkey-options" type="application/json">(.+?)</script>', page.content.decode())[1]
    return json.loads(html.unescape(text))


def asked_alone(client):
    return client.get(ALONE, headers={"Accept": "application/json"}).json()["request_options"]


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def reader(db):
    return person("Rita Reader")


@pytest.fixture
def desk(reader, client):
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def passkey(desk):
    """A key that the reader has added; they are signed out again."""
    made = Passkey()
    desk.post(ADD, {"name": "Blue key", "passwordless": "on", "credential": made.create(options(desk.get(ADD)))})
    desk.logout()
    return made


def test_a_key_is_added(passkey, reader, client):
    run_jobs()

    key = reader.authenticator_set.get(type="webauthn")
    assert key.wrap().name == "Blue key"
    assert reader.authenticator_set.filter(type="recovery_codes").exists()
    assert [sent.subject for sent in mail.outbox] == ["A passkey was added"]
    assert Entry.objects.filter(verb="person.factor_added", actor=reader).exists()


def test_it_signs_in_alone(passkey, reader, client):
    answer = client.post(ALONE, {"credential": passkey.get(asked_alone(client)), "next": "/accounts/security/"})

    assert answer.url == "/accounts/security/"
    assert client.session["_auth_user_id"] == str(reader.pk)


def test_it_is_the_second_factor_of_a_password(passkey, reader, client):
    first = client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    page = client.get(first.url)

    answer = client.post(first.url, {"credential": passkey.get(options(page))})

    assert first.url == reverse("mfa_authenticate")
    assert answer.url == "/"
    assert signed_in(client)


def test_it_confirms_who_one_is(passkey, reader, client):
    client.post(ALONE, {"credential": passkey.get(asked_alone(client))})
    asked = client.get("/accounts/email/")
    page = client.get(AGAIN)

    answer = client.post(AGAIN, {"credential": passkey.get(options(page)), "next": "/accounts/email/"})

    assert asked.status_code == 200
    assert answer.url == "/accounts/email/"


@pytest.mark.parametrize("trick", ["forged", "old question", "unknown key", "another person", "nobody", "no handle"])
def test_no_trick_signs_in(trick, passkey, reader, client):
    question = asked_alone(client)
    answers = {
        "forged": lambda: passkey.get(question, forged=True),
        "old question": lambda: (old := passkey.get(question), asked_alone(client)) and old,
        "unknown key": lambda: Passkey().get(question, user_handle=passkey.user_handle),
        "another person": lambda: passkey.get(question, user_handle=str(person().pk).encode()),
        "nobody": lambda: passkey.get(question, user_handle=b"999999999"),
        "no handle": lambda: passkey.get(question, user_handle=b""),
    }

    answer = client.post(ALONE, {"credential": answers[trick]()}, follow=True)

    assert answer.status_code == 200
    assert "The passkey was not accepted" in answer.content.decode() or "not right" in answer.content.decode()
    assert not signed_in(client)


def test_an_answer_works_once(passkey, client):
    credential = passkey.get(asked_alone(client))
    client.post(ALONE, {"credential": credential})
    client.logout()

    client.post(ALONE, {"credential": credential})

    assert not signed_in(client)


def test_a_closed_account_does_not_open(passkey, reader, client):
    reader.is_active = False
    reader.save()

    client.post(ALONE, {"credential": passkey.get(asked_alone(client))})

    assert not signed_in(client)


def test_a_key_is_renamed_and_removed(passkey, reader, client):
    key = reader.authenticator_set.get(type="webauthn")
    client.post(ALONE, {"credential": passkey.get(asked_alone(client))})
    client.post(AGAIN, {"credential": passkey.get(options(client.get(AGAIN)))})

    nameless = client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": ""})
    client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Red key"})
    listed = client.get("/accounts/2fa/webauthn/").content.decode()
    asked = client.get(reverse("mfa_remove_webauthn", args=[key.pk])).content.decode()
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))

    assert "This field is required" in nameless.content.decode()
    assert "Red key" in listed
    assert "Red key" in asked
    assert reader.authenticator_set.count() == 0


def test_deactivating_what_one_does_not_have_is_not_found(desk):
    assert desk.get("/accounts/2fa/totp/deactivate/").status_code == 404
