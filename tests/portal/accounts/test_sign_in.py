"""Signing in and out, by password and second factor, without telling strangers who has an account."""

import re

import pytest
from django.conf import global_settings, settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.core import mail
from django.urls import reverse
from django.utils.module_loading import import_string

from portal.accounts.models import User
from tests.factories.accounts import PASSWORD, current_code, person, recovery_codes, with_authenticator_app
from tests.jobs import queued_jobs, run_jobs

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"


def signed_in(client):
    return "_auth_user_id" in client.session


def without_tokens(answer):
    """The page without what differs at each request, and without what was typed."""
    text = re.sub(r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]+"', "", answer.content.decode())
    return re.sub(r"[\w.]+@example\.org", "ADDRESS", text)


def test_address_and_password_sign_in(db, client):
    reader = person()

    answer = client.post(LOGIN, {"login": reader.email.upper(), "password": PASSWORD})

    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in(client)
    assert reader.usersession_set.count() == 1


def test_signing_in_leads_on_to_where_one_wanted_to_go(db, client):
    reader = person()

    asked = client.get("/accounts/security/")
    answer = client.post(asked.url, {"login": reader.email, "password": PASSWORD, "next": "/accounts/security/"})

    assert asked.url == "/accounts/login/?next=/accounts/security/"
    assert answer.url == "/accounts/security/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_never_leads_elsewhere(elsewhere, db, client):
    answer = client.post(LOGIN, {"login": person().email, "password": PASSWORD, "next": elsewhere})

    assert answer.url == "/"


def test_a_new_session_has_a_new_key(db, client):
    client.get(LOGIN)
    client.session["something"] = 1
    before = client.session.session_key

    client.post(LOGIN, {"login": person().email, "password": PASSWORD})

    assert client.session.session_key != before


def test_unknown_address_and_wrong_password_look_alike(db, client):
    reader = person()

    answers = [
        client.post(LOGIN, {"login": login, "password": "wrong"}) for login in (reader.email, "nobody@example.org")
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert without_tokens(answers[0]) == without_tokens(answers[1])
    assert "do not belong together" in answers[0].content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_a_password_is_computed_once_whether_the_address_is_known_or_not(known, db, client, settings):
    settings.PASSWORD_HASHERS = ["tests.portal.accounts.counting.CountingHasher"]
    hasher = import_string(settings.PASSWORD_HASHERS[0])
    reader = person()
    hasher.count = 0

    client.post(LOGIN, {"login": reader.email if known else "nobody@example.org", "password": "wrong"})

    assert hasher.count == 1


def test_reset_answers_known_and_unknown_addresses_alike(db, client, django_assert_num_queries):
    reader = person()

    answers = [client.post(RESET, {"email": email}, follow=True) for email in (reader.email, "nobody@example.org")]

    assert [answer.redirect_chain for answer in answers] == [[(f"{RESET}done/", 302)]] * 2
    assert without_tokens(answers[0]) == without_tokens(answers[1])
    assert [job.name for job in queued_jobs()] == ["accounts.password_reset_mail"] * 2


def test_reset_writes_to_those_who_have_an_account_and_to_nobody_else(db, client):
    reader = person()
    closed = person(is_active=False)

    for email in (reader.email, "nobody@example.org", closed.email):
        client.post(RESET, {"email": email})
    run_jobs()

    assert [sent.to for sent in mail.outbox] == [[reader.email]]


def test_reset_leads_to_a_new_password_that_signs_in(db, client):
    reader = person(language="fr")
    other_device = type(client)()
    other_device.force_login(reader)
    client.post(RESET, {"email": reader.email})
    arguments = str(queued_jobs()[0].arguments)
    run_jobs()
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]

    form = client.get(link)
    done = client.post(form.url, {"password1": "another long secret", "password2": "another long secret"})

    reader.refresh_from_db()
    assert link not in arguments
    assert '<html lang="fr" dir="ltr">' in mail.outbox[0].alternatives[0].content
    assert done.url == "/accounts/password/reset/key/done/"
    assert reader.check_password("another long secret")
    assert not signed_in(client)
    assert other_device.get("/accounts/security/").status_code == 302
    assert "no longer works" in client.get(link).content.decode()


def test_reset_does_not_replace_the_second_factor(db, client):
    reader = with_authenticator_app(person())
    client.post(RESET, {"email": reader.email})
    run_jobs()
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    client.post(client.get(link).url, {"password1": "another long secret", "password2": "another long secret"})

    answer = client.post(LOGIN, {"login": reader.email, "password": "another long secret"})

    assert answer.url == reverse("mfa_authenticate")
    assert not signed_in(client)


@pytest.mark.parametrize(
    "link", ["/accounts/password/reset/key/1-x/", "/accounts/password/reset/key/zzzzzzzzzzzzzzzzzz-%F0%9F%98%80/"]
)
def test_a_made_up_reset_link_says_that_it_does_not_work(link, db, client):
    answer = client.get(link)

    assert answer.status_code == 200
    assert "This link no longer works" in answer.content.decode()


def test_an_authenticator_app_is_asked_for_its_code(db, client):
    reader = with_authenticator_app(person())

    first = client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    wrong = client.post(first.url, {"code": "000000"})
    not_yet = signed_in(client)
    right = client.post(first.url, {"code": current_code()})

    assert first.url == reverse("mfa_authenticate")
    assert "not right" in wrong.content.decode()
    assert not not_yet
    assert right.url == "/"
    assert signed_in(client)


def test_a_code_may_be_typed_in_the_digits_of_ones_keyboard(db, client):
    reader = with_authenticator_app(person(language="ar"))
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})

    typed = current_code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    client.post(reverse("mfa_authenticate"), {"code": f"{typed[:3]} {typed[3:]}"})

    assert signed_in(client)


def test_a_code_works_once(db, client):
    reader = with_authenticator_app(person())
    code = current_code()
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.logout()

    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert not signed_in(client)


def test_a_recovery_code_signs_in_once(db, client):
    reader = with_authenticator_app(person())
    code = recovery_codes(reader)[0]

    outcomes = []
    for _ in range(2):
        client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": code})
        outcomes.append(signed_in(client))
        client.logout()

    assert outcomes == [True, False]
    assert len(recovery_codes(reader)) == 9


def test_the_second_factor_cannot_be_skipped(db, client):
    reader = with_authenticator_app(person())
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})

    answers = [client.get(path) for path in ("/", "/accounts/", "/accounts/security/", "/notifications/")]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert all(answer.url.startswith(LOGIN) for answer in answers)


def test_five_wrong_codes_close_the_second_factor_for_a_while(db, client):
    reader = with_authenticator_app(person())
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    answer = client.post(reverse("mfa_authenticate"), {"code": current_code()})

    assert "Too many attempts" in answer.content.decode()
    assert not signed_in(client)


def test_guessing_passwords_is_slowed(db, client):
    reader = person()
    for _ in range(5):
        client.post(LOGIN, {"login": reader.email, "password": "wrong"})

    answer = client.post(LOGIN, {"login": reader.email, "password": PASSWORD})

    assert "Too many attempts" in answer.content.decode()
    assert not signed_in(client)


def test_a_closed_account_does_not_open(db, client):
    reader = person(is_active=False)

    wrong = client.post(LOGIN, {"login": reader.email, "password": "wrong"})
    right = client.post(LOGIN, {"login": reader.email, "password": PASSWORD}, follow=True)

    assert "do not belong together" in wrong.content.decode()
    assert "This account is closed" in right.content.decode()
    assert not signed_in(client)


def test_an_address_that_is_not_proven_is_proven_first(db, client):
    reader = person(verified=False)

    answer = client.post(LOGIN, {"login": reader.email, "password": PASSWORD}, follow=True)
    run_jobs()
    link = re.search(r"http://\S+(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    opened = client.get(link)
    proven_by_opening = reader.emailaddress_set.get().verified
    client.post(link)

    assert "Open the link we sent you" in answer.content.decode()
    assert opened.status_code == 200
    assert not proven_by_opening
    assert reader.emailaddress_set.get().verified


def test_signing_out_takes_a_form_not_a_link(db, client):
    client.force_login(person())

    page = client.get("/accounts/logout/")
    still = signed_in(client)
    answer = client.post("/accounts/logout/")

    assert page.status_code == 200
    assert still
    assert answer.url == LOGIN
    assert not signed_in(client)


@pytest.mark.parametrize(
    "path", ["signup/", "social/login/", "social/signup/", "login/code/", "3rdparty/", "phone/verify/"]
)
def test_ways_in_that_the_house_does_not_want_do_not_exist(path, db, client):
    assert client.get(f"/accounts/{path}").status_code in {302, 404}
    client.force_login(person())
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"login": "", "password": ""},
        {"login": "no address", "password": "x"},
        {"login": "x" * 10_000 + "@example.org", "password": "x"},
        {"login": "a\0b@example.org", "password": "\0"},
        {"login": "ines@exa\u202emple.org", "password": "x"},
        {"login": ["a@example.org", "b@example.org"], "password": ["x", "y"]},
        {"login": "ines@example.org", "password": "ي" * 100_000},
    ],
)
def test_nonsense_gets_a_sentence(data, db, client):
    answer = client.post(LOGIN, data)

    assert answer.status_code == 200
    assert answer.context["form"].errors


CREDENTIALS = [
    "",
    "null",
    "[]",
    "1" * 5000,
    "[" * 15_000,
    "x" * 30_000,
    "{}",
    '{"response": []}',
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "signature": "AA"}}',
    '{"id": 1e400, "rawId": [{}], "type": null, "response": {"clientDataJSON": 7, "userHandle": {"a": 1}}}',
]


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_whatever_is_sent_as_a_passkey_does_not_sign_in(credential, db, client):
    person()
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})

    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential}, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain == [(LOGIN, 302)]
    assert 'role="alert"' in answer.content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_whatever_is_sent_as_a_second_factor_does_not_sign_in(credential, db, client):
    reader = with_authenticator_app(person())
    client.post(LOGIN, {"login": reader.email, "password": PASSWORD})

    answer = client.post(reverse("mfa_authenticate"), {"credential": credential})

    assert answer.status_code == 200
    assert not signed_in(client)


def test_options_for_a_passkey_do_not_tell_who_has_one(db, client):
    person()

    answer = client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})

    options = answer.json()["request_options"]["publicKey"]
    assert options["rpId"] == "localhost"
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")


def test_the_sign_in_page_offers_passkeys_without_inline_script(db, client):
    page = client.get(LOGIN).content.decode()

    assert 'data-passkey="sign-in"' in page
    assert "js/passkeys.js" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_demonstration_accounts_are_not_on_the_page_outside_the_demonstration(db, client):
    assert not settings.DEMONSTRATION
    assert client.get(LOGIN).status_code == 200


def test_passwords_are_kept_by_a_slow_hasher(settings):
    settings.PASSWORD_HASHERS = (
        global_settings.PASSWORD_HASHERS
    )  # what holds where nothing is set; the tests' own is swift

    hasher = identify_hasher(make_password(PASSWORD))

    assert (hasher.algorithm, hasher.iterations) == ("pbkdf2_sha256", 1_000_000)
    assert check_password(PASSWORD, make_password(PASSWORD))


def test_secrets_of_second_factors_are_not_readable_in_the_database(db):
    reader = with_authenticator_app(person())

    stored = str(list(reader.authenticator_set.values()))
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert recovery_codes(reader)[0] not in stored
    assert User.objects.get(pk=reader.pk).authenticator_set.count() == 2
