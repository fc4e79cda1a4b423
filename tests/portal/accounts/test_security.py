"""Changing what one signs in with, and signing devices out."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.utils import encrypt
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.devices import device_name
from portal.accounts.models import User
from portal.accounts.tasks import sessions_tidy
from portal.audit.models import Entry
from tests.factories.accounts import (
    PASSWORD,
    TOTP_SECRET,
    current_code,
    person,
    recovery_codes,
    with_authenticator_app,
)
from tests.jobs import run_jobs

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
SECURITY = "/accounts/security/"


def sign_in(reader, user_agent=FIREFOX):
    client = Client(headers={"User-Agent": user_agent})
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    return client


def confirmed(client):
    """As one who has just said again who they are."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def later(client):
    """As one who signed in a while ago, so that the proof of who they are is no longer fresh."""
    session = client.session
    session["proved_at"] = 0
    session.save()
    return client


@pytest.fixture
def reader(db):
    return person("Rita Reader")


def test_the_page_shows_devices_with_this_one_first(reader):
    phone, desk = sign_in(reader, CHROME), sign_in(reader)
    stranger = sign_in(person())

    devices = desk.get(SECURITY).context["devices"]

    assert [(device.name, device.is_current) for device in devices] == [
        ("Firefox on Linux", True),
        ("Chrome on Windows", False),
    ]
    assert len(phone.get(SECURITY).context["devices"]) == 2
    assert len(stranger.get(SECURITY).context["devices"]) == 1


@pytest.mark.parametrize("devices", [1, 4])
def test_the_page_costs_the_same_for_one_device_and_for_many(devices, reader):
    clients = [sign_in(reader) for _ in range(devices)]
    clients[0].get(SECURITY)

    with CaptureQueriesContext(connection) as queries:
        clients[0].get(SECURITY)

    assert asked(queries, "usersessions_usersession") == 1
    assert asked(queries, "mfa_authenticator") == 1
    assert asked(queries, "account_emailaddress") == 1
    assert asked(queries, "django_session") == 1
    assert asked(queries, "accounts_user") == 1
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def asked(queries, table):
    """How many of the queries read from the table in the first place."""
    begins = (f'SELECT "{table}"', f'SELECT 1 AS "a" FROM "{table}"')  # noqa: S608 - compared, never run
    return sum(query["sql"].startswith(begins) for query in queries)


def test_a_device_is_signed_out_from_afar(reader):
    phone, desk = sign_in(reader, CHROME), sign_in(reader)
    session = reader.usersession_set.get(user_agent=CHROME)

    answer = desk.post(reverse("accounts:session-end", args=[session.pk]))

    assert answer.url == SECURITY
    assert phone.get(SECURITY).status_code == 302
    assert desk.get(SECURITY).status_code == 200
    assert not Session.objects.filter(session_key=session.session_key).exists()
    assert Entry.objects.filter(verb="person.session_ended", actor=reader).count() == 1


def test_a_request_in_flight_does_not_bring_a_session_back(reader):
    phone, desk = sign_in(reader, CHROME), sign_in(reader)
    in_flight = phone.session
    in_flight["draft"] = "typed"
    desk.post(reverse("accounts:sessions-end"))

    with pytest.raises(UpdateError):
        in_flight.save()

    assert not Session.objects.filter(session_key=in_flight.session_key).exists()


def test_all_other_devices_are_signed_out(reader):
    others = [sign_in(reader, CHROME) for _ in range(3)]
    desk = sign_in(reader)

    answer = desk.post(reverse("accounts:sessions-end"), follow=True)

    assert "3 other devices are signed out." in answer.content.decode()
    assert [other.get(SECURITY).status_code for other in others] == [302] * 3


def test_nobody_signs_out_another_persons_device(reader):
    victim = sign_in(reader)
    session = reader.usersession_set.get()
    stranger = sign_in(person())

    answer = stranger.post(reverse("accounts:session-end", args=[session.pk]))

    assert answer.status_code == 404
    assert victim.get(SECURITY).status_code == 200


def test_last_use_is_noted_without_writing_at_every_request(reader):
    desk = sign_in(reader)
    long_ago = timezone.now() - timedelta(hours=3)
    reader.usersession_set.update(last_seen_at=long_ago)
    desk.get(SECURITY)
    spared = reader.usersession_set.get().last_seen_at
    cache.clear()  # minutes go by

    desk.get(SECURITY)

    assert spared == long_ago
    assert reader.usersession_set.get().last_seen_at > timezone.now() - timedelta(minutes=1)


def test_sessions_that_ran_out_are_tidied_away(reader):
    sign_in(reader), sign_in(reader)
    Session.objects.filter(pk=Session.objects.first().pk).update(expire_date=timezone.now() - timedelta(seconds=1))

    sessions_tidy(timestamp=0)

    assert Session.objects.count() == 1
    assert reader.usersession_set.count() == 1


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
        ("<script>alert(1)</script> Firefox/1", "Firefox"),
    ],
)
def test_devices_get_names_that_people_know(user_agent, name):
    assert device_name(user_agent) == name


def test_changing_the_password_signs_out_everywhere_and_is_told(reader):
    phone, desk = sign_in(reader, CHROME), sign_in(reader)
    new = {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"}

    wrong = desk.post("/accounts/password/change/", {**new, "oldpassword": "wrong"})
    right = desk.post("/accounts/password/change/", new)
    run_jobs()

    reader.refresh_from_db()
    assert "not your current password" in wrong.content.decode()
    assert right.url == SECURITY
    assert reader.check_password("another long secret")
    assert [client.get(SECURITY).status_code for client in (phone, desk)] == [302, 302]
    assert not Session.objects.filter(session_key__in=reader.usersession_set.values("session_key")).exists()
    assert reader.usersession_set.count() == 0
    assert Entry.objects.filter(verb="person.password_changed", actor=reader).count() == 1
    (told,) = mail.outbox
    assert told.to == [reader.email]
    assert "The password of your account was changed." in told.body
    assert "Firefox on Linux" in told.body


def test_changing_the_address_takes_a_link_sent_to_the_new_one(reader):
    reader.language = "ar"
    reader.save()
    desk = confirmed(sign_in(reader))
    old = reader.email

    asked = desk.post("/accounts/email/", {"email": "Rita.New@example.org", "action_add": ""}, follow=True)
    run_jobs()
    (letter,) = mail.outbox
    link = re.search(r"http://\S+(/accounts/confirm-email/\S+)", letter.body)[1]
    desk.get(link)
    before = User.objects.get(pk=reader.pk).email
    answer = desk.post(link)
    run_jobs()

    reader.refresh_from_db()
    assert "rita.new@example.org" in asked.content.decode()
    assert letter.to == ["rita.new@example.org"]
    assert '<html lang="ar" dir="rtl">' in letter.alternatives[0].content
    assert before == old
    assert answer.url == SECURITY
    assert reader.email == "rita.new@example.org"
    assert list(reader.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("rita.new@example.org", True, True)
    ]
    assert [sent.to for sent in mail.outbox[1:]] == [[old]]
    assert Entry.objects.filter(verb="person.address_changed", actor=reader).count() == 1
    assert "rita.new" not in str(Entry.objects.values())


def test_an_address_can_be_changed_with_a_second_factor_too(reader):
    with_authenticator_app(reader)
    desk = sign_in(reader)
    desk.post("/accounts/2fa/authenticate/", {"code": current_code()})
    confirmed(desk)

    desk.post("/accounts/email/", {"email": "rita.new@example.org", "action_add": ""})
    run_jobs()
    desk.post(re.search(r"http://\S+(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1])

    assert User.objects.get(pk=reader.pk).email == "rita.new@example.org"


def test_the_address_of_another_account_looks_like_any_other_and_is_not_taken(reader):
    other = person()
    desk = confirmed(sign_in(reader))

    pages = [
        desk.post("/accounts/email/", {"email": email, "action_add": ""}, follow=True).content.decode()
        for email in (other.email, "nobody@example.org")
    ]
    desk.post("/accounts/email/", {"email": other.email, "action_add": ""})
    run_jobs()
    link = re.search(r"http://\S+(/accounts/confirm-email/\S+)", mail.outbox[-1].body)[1]
    desk.post(link)

    assert all("A link was sent to" in page for page in pages)
    assert User.objects.get(pk=reader.pk).email == reader.email
    assert User.objects.filter(email=other.email).count() == 1


def test_sending_the_link_again_and_keeping_the_old_address(reader):
    desk = confirmed(sign_in(reader))
    desk.post("/accounts/email/", {"email": "rita.new@example.org", "action_add": ""})

    again = desk.post("/accounts/email/", {"email": "rita.new@example.org", "action_send": ""})
    kept = desk.post("/accounts/email/", {"email": "rita.new@example.org", "action_remove": ""})

    assert [again.status_code, kept.status_code] == [302, 302]
    assert list(reader.emailaddress_set.values_list("email", flat=True)) == [reader.email]
    run_jobs()  # the links' jobs find nothing left to confirm
    assert all("confirm-email" not in sent.body for sent in mail.outbox)


def test_an_authenticator_app_is_added_after_saying_again_who_one_is(reader, django_capture_on_commit_callbacks):
    desk = later(sign_in(reader))
    asked = desk.get("/accounts/2fa/totp/activate/")
    confirmed(desk)
    page = desk.get("/accounts/2fa/totp/activate/")
    # The secret is in the session; give it one whose codes the test can make.
    session = desk.session
    assert page.context["form"].secret not in str(dict(session))
    session["accounts.new_factor"] = encrypt(TOTP_SECRET)
    session.save()

    wrong = desk.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    with django_capture_on_commit_callbacks(execute=True):
        right = desk.post("/accounts/2fa/totp/activate/", {"code": current_code()}, follow=True)
    run_jobs()

    text = page.content.decode()
    assert asked.url.startswith("/accounts/reauthenticate/?next=")
    assert '<svg class="qr"' in text
    assert "data:" not in text
    assert "style=" not in text
    assert "not right" in wrong.content.decode()
    assert recovery_codes(reader)[0] in right.content.decode()
    assert [sent.subject for sent in mail.outbox] == ["An authenticator app was added"]
    assert set(Entry.objects.filter(verb="person.factor_added").values_list("details__type", flat=True)) == {
        "totp",
        "recovery_codes",
    }


def test_removing_the_app_takes_the_recovery_codes_with_it(reader):
    with_authenticator_app(reader)
    desk = sign_in(reader)
    desk.post("/accounts/2fa/authenticate/", {"code": current_code()})
    confirmed(desk)

    shown = desk.get("/accounts/2fa/totp/deactivate/")
    desk.post("/accounts/2fa/totp/deactivate/")
    run_jobs()

    assert shown.status_code == 200
    assert reader.authenticator_set.count() == 0
    assert [sent.subject for sent in mail.outbox] == ["The authenticator app was removed"]
    assert Entry.objects.filter(verb="person.factor_removed").count() == 2


def test_recovery_codes_are_shown_downloaded_and_made_anew(reader, django_capture_on_commit_callbacks):
    with_authenticator_app(reader)
    before = recovery_codes(reader)
    desk = sign_in(reader)
    desk.post("/accounts/2fa/authenticate/", {"code": before.pop()})
    asked = later(desk).get("/accounts/2fa/recovery-codes/")
    half = confirmed(desk).get("/accounts/2fa/recovery-codes/")
    desk.post("/accounts/2fa/reauthenticate/", {"code": current_code()})

    shown = desk.get("/accounts/2fa/recovery-codes/").content.decode()
    text = desk.get("/accounts/2fa/recovery-codes/download/")
    desk.get("/accounts/2fa/recovery-codes/generate/")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("/accounts/2fa/recovery-codes/generate/")

    assert asked.url.startswith("/accounts/reauthenticate/")
    assert half.url.startswith("/accounts/2fa/reauthenticate/")
    assert all(code in shown for code in before)
    assert all(code in text.content.decode() for code in before)
    assert "attachment" in text.headers["Content-Disposition"]
    assert "no-store" in text.headers["Cache-Control"]
    assert not set(before) & set(recovery_codes(reader))
    assert Entry.objects.filter(verb="person.recovery_codes_made").count() == 1


def test_the_page_to_add_a_passkey_gives_the_browser_what_it_needs(reader):
    desk = confirmed(sign_in(reader))

    page = desk.get("/accounts/2fa/webauthn/add/").content.decode()

    assert 'data-passkey="create"' in page
    assert '<script id="passkey-options" type="application/json">' in page
    assert '"id": "localhost"' in page
    assert reader.email in page
    assert desk.get("/accounts/2fa/webauthn/").status_code == 200


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "[" * 15_000, '{"id":"AA","rawId":"AA","type":"public-key","response":{}}']
)
def test_whatever_is_sent_as_a_new_passkey_is_not_added(credential, reader):
    desk = confirmed(sign_in(reader))
    desk.get("/accounts/2fa/webauthn/add/")

    answer = desk.post("/accounts/2fa/webauthn/add/", {"name": "Blue key", "credential": credential})

    assert answer.status_code == 200
    assert "Blue key" in answer.content.decode()
    assert reader.authenticator_set.count() == 0


@pytest.mark.parametrize("factor", [False, True])
@pytest.mark.parametrize(
    "path",
    [
        "", "security/", "email/", "password/change/", "reauthenticate/",
        "2fa/", "2fa/totp/activate/", "2fa/totp/deactivate/",
        "2fa/reauthenticate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/recovery-codes/download/",
        "2fa/webauthn/", "2fa/webauthn/add/", "2fa/webauthn/reauthenticate/", "2fa/webauthn/keys/1/edit/",
        "2fa/webauthn/keys/1/remove/", "password/set/", "logout/", "inactive/", "confirm-email/", "login/",
        "password/reset/", "password/reset/done/", "password/reset/key/done/", "2fa/authenticate/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_opens_with_and_without_a_second_factor(path, factor, language, db):
    reader = person(language=language)
    if factor:
        with_authenticator_app(reader)
    desk = sign_in(reader)
    if factor:
        desk.post("/accounts/2fa/authenticate/", {"code": current_code()})
    confirmed(desk)

    answer = desk.get(f"/accounts/{path}")

    assert answer.status_code in {200, 302} or (answer.status_code == 404 and "2fa" in path)
    assert answer.status_code != 302 or not answer.url.startswith("/accounts/login/")


def test_other_peoples_keys_do_not_exist(reader):
    key = person().authenticator_set.create(type="webauthn", data={"name": "Blue key", "credential": {}})
    desk = confirmed(sign_in(reader))

    statuses = [desk.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{verb}/").status_code for verb in ("edit", "remove")]

    assert statuses == [404, 404]
