"""The same key gives the same answer and one effect: what a browser or a program may send, one after the other."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.idempotency.keys import new_key
from portal.idempotency.models import Write
from portal.live.models import Event
from tests.factories.accounts import PASSWORD, person
from tests.portal.idempotency import urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.idempotency.urls")]

KEY = "0123456789abcdef0123456789abcdef"
LOGIN = "/accounts/login/"


@pytest.fixture
def sender(client):
    client.force_login(person())
    client.raise_request_exception = False
    return client


def send(client, view, data=None, key=KEY, **options):
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(f"/test/{view}/", data or {}, headers=headers, **options)


def effects():
    return Event.objects.filter(kind="done").count()


def hidden_fields(page):
    return [re.findall(r'name="(\w+)" value="([^"]*)"', form) for form in re.findall(r"<form.*?</form>", page, re.S)]


def test_every_form_of_a_page_has_a_key_of_its_own(sender):
    pages = [sender.get("/accounts/").text for _ in range(2)]

    keys = [value for page in pages for form in hidden_fields(page) for name, value in form if name.startswith("idem")]
    tokens = [form for form in hidden_fields(pages[0]) if "csrfmiddlewaretoken" in dict(form)]
    assert len(keys) == len(set(keys)) == 2 * len(tokens) >= 4
    assert {len(key) for key in keys} == {22}


def test_sent_twice_is_done_once_and_answered_alike(sender):
    first, second = send(sender, "redirects"), send(sender, "redirects")

    assert effects() == 1
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, "/done/1/")
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"


def test_the_field_of_a_form_and_the_header_are_the_same_key(sender):
    send(sender, "redirects", {"idempotency_key": KEY}, key=None)
    send(sender, "redirects", key=f'"{KEY}"')

    assert effects() == 1


def test_another_key_is_another_act(sender):
    answers = [send(sender, "redirects", key=new_key()).url for _ in range(3)]

    assert answers == ["/done/1/", "/done/2/", "/done/3/"]


def test_a_page_comes_again_with_the_headers_that_belong_to_it(sender):
    send(sender, "shows")

    again = send(sender, "shows")

    assert again.text == "This was number 1."
    assert again.headers["HX-Trigger"] == "done"
    assert "X-Other" not in again.headers
    assert "default-src 'none'" in again.headers["Content-Security-Policy"]


def test_other_content_with_a_used_key_is_refused_with_a_sentence(sender):
    send(sender, "redirects", {"title": "one"})

    answer = send(sender, "redirects", {"title": "two"})

    assert (answer.status_code, effects()) == (422, 1)
    assert "was sent before, with something else in it" in answer.text


def test_another_address_with_a_used_key_is_refused(sender):
    send(sender, "redirects")

    assert send(sender, "shows").status_code == 422


@pytest.mark.parametrize("view", ["streams", "is_long"])
def test_an_answer_that_is_not_kept_is_told_and_not_done_again(view, sender):
    assert send(sender, view).status_code == 200

    again = send(sender, view)

    assert (again.status_code, effects()) == (200, 1)
    assert "This has been done" in again.text


def test_uploads_count_by_their_content(sender):
    def upload(content):
        return {"file": SimpleUploadedFile("a.txt", content)}

    large = b"one two three" * 200_000  # goes through a file on the disk
    first = send(sender, "uploads", upload(large))
    again = send(sender, "uploads", upload(large))
    other = send(sender, "uploads", upload(large[:-1] + b"!"))

    assert first.json() == again.json() == {"read": "one t", "events": 1}
    assert (other.status_code, effects()) == (422, 1)


def test_programs_send_json_with_the_header(sender):
    answers = [send(sender, "json", {"a": 1}, content_type="application/json") for _ in range(2)]

    assert [answer.json() for answer in answers] == [{"sent": '{"a": 1}'}] * 2
    assert send(sender, "json", {"a": 2}, content_type="application/json").status_code == 422
    assert effects() == 1


@pytest.mark.parametrize("signed_in", [True, False])
def test_an_error_undoes_everything_and_frees_the_key(signed_in, sender):
    if not signed_in:
        sender.logout()
        sender.get(LOGIN)  # for the cookie that protects forms
    failed = send(sender, "fails")
    undone = effects()

    answer = send(sender, "fails", {"well": "now"})

    assert (failed.status_code, undone) == (500, 0)
    assert (answer.status_code, effects()) == (302, 1)


def test_a_refusal_keeps_what_was_counted_and_frees_the_key(sender):
    assert [send(sender, "refuses", {"try": number}).status_code for number in range(3)] == [403, 403, 403]

    assert (effects(), Write.objects.count()) == (3, 0)


@pytest.mark.parametrize("view", ["asks_first", "asks_proof"])
def test_being_sent_elsewhere_first_frees_the_key(view, sender):
    session = sender.session
    session.pop("proved_at", None)  # signing in was a proof
    session.save()

    answer = send(sender, view)

    assert "/accounts/reauthenticate/?next=" in answer.url
    assert (effects(), Write.objects.count()) == (0, 0)


def test_a_corrected_form_may_carry_the_key_of_the_refused_one(sender):
    page = "/accounts/"
    refused = sender.post(page, {"name": "", "idempotency_key": KEY})

    accepted = sender.post(page, {**refused.context["form"].initial, "name": "Ada", "idempotency_key": KEY})

    assert (refused.status_code, accepted.status_code) == (200, 302)


@pytest.mark.parametrize(
    "key", ["short", "x" * 101, "x" * 5_000, "a b" * 10, "x" * 20 + "\x07", "é" * 20, "x" * 20 + ",", '"' * 30, "-" * 9]
)
def test_a_key_that_is_none_is_refused_with_a_sentence(key, sender):
    in_field = send(sender, "redirects", {"idempotency_key": key}, key=None)
    in_header = send(sender, "redirects", key=key.encode().decode("latin-1"))

    assert (in_field.status_code, in_header.status_code, effects()) == (400, 400, 0)
    assert "Its key is not one of ours" in in_field.text


def test_a_form_that_is_too_large_is_refused_as_ever(sender):
    assert send(sender, "redirects", {"text": "x" * 2_600_000}).status_code == 413
    assert send(sender, "redirects", {str(number): "" for number in range(2_100)}).status_code == 400


def test_several_keys_are_refused(sender):
    answers = [
        send(sender, "redirects", {"idempotency_key": [KEY, new_key()]}, key=None),
        send(sender, "redirects", {"idempotency_key": new_key()}),
        send(sender, "redirects", key=f"{KEY},{new_key()}"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert effects() == 0


def test_a_write_without_a_key_is_refused_with_a_sentence(sender):
    answer = send(sender, "redirects", key="")

    assert (answer.status_code, effects()) == (400, 0)
    assert "so nothing was changed" in answer.text


def test_these_writes_alone_need_no_key(sender):
    assert set(settings.WRITES_WITHOUT_KEY) == {"account_logout", "live:command", "set_language", "notifications:stop"}
    for address, data in (("/accounts/language/", {"language": "fr"}), ("/accounts/logout/", {})):
        assert sender.post(address, data, headers={"Idempotency-Key": ""}).status_code == 302


def test_a_key_belongs_to_one_person(sender):
    other = Client()
    other.force_login(person())

    assert send(sender, "redirects").url == "/done/1/"
    assert send(other, "redirects").url == "/done/2/"


def test_a_sign_in_whose_answer_was_lost_is_answered_again_to_that_browser_only(client):
    reader = person()
    client.get(LOGIN)
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    stranger = Client()
    stranger.get(LOGIN)
    data = {"login": reader.email, "password": PASSWORD, "idempotency_key": KEY}

    first = client.post(LOGIN, data)
    again, thief = Client(), stranger.post(LOGIN, data)
    again.cookies[settings.CSRF_COOKIE_NAME] = before
    second = again.post(LOGIN, data)

    session = first.cookies[settings.SESSION_COOKIE_NAME]
    assert second.cookies[settings.SESSION_COOKIE_NAME].OutputString() == session.OutputString()
    assert again.get("/accounts/").status_code == 200
    assert thief.cookies[settings.SESSION_COOKIE_NAME].value != session.value  # a sign-in of its own, as ever


def test_a_sign_in_that_is_repeated_after_signing_out_does_not_sign_in(client):
    reader = person()
    client.get(LOGIN)
    again = Client()
    again.cookies[settings.CSRF_COOKIE_NAME] = client.cookies[settings.CSRF_COOKIE_NAME].value
    data = {"login": reader.email, "password": PASSWORD, "idempotency_key": KEY}
    client.post(LOGIN, data)
    client.post("/accounts/logout/")

    again.post(LOGIN, data)

    assert again.get("/accounts/").status_code == 302


def test_what_is_the_same_twice_as_once_is_done_whatever_the_key(sender):
    """Choosing French, Spanish and French again on a page that the browser kept."""
    for language in ("fr", "es", "fr"):
        sender.post("/accounts/language/", {"language": language, "idempotency_key": KEY})

    assert sender.get("/accounts/").headers["Content-Language"] == "fr"
    assert [sender.post("/accounts/logout/", {"idempotency_key": KEY}).url for _ in range(2)] == [LOGIN, LOGIN]


def test_what_the_person_was_told_is_told_again(sender):
    data = {"name": "Ada Again", "language": "en", "time_zone": "UTC", "appearance": "auto", "idempotency_key": KEY}
    sender.post("/accounts/", data)
    cookies = {name: morsel.value for name, morsel in sender.cookies.items()}
    told = sender.get("/accounts/").text
    del cookies["messages"]  # as before the first was sent

    sender.cookies.load(cookies)
    sender.post("/accounts/", data)

    assert sender.get("/accounts/").text.count("data-toast") == told.count("data-toast") == 1


def test_nothing_kept_can_be_read_without_the_key(sender):
    send(sender, "shows", {"password": "a secret"})

    row = Write.objects.get()

    kept = bytes(row.owner) + bytes(row.key) + bytes(row.fingerprint) + bytes(row.answer)
    assert len(row.owner) == len(row.key) == len(row.fingerprint) == 32
    for text in (KEY, "This was number", "a secret", "HX-Trigger"):
        assert text.encode() not in kept


def test_a_tampered_answer_is_not_given(sender):
    send(sender, "shows")
    row = Write.objects.get()
    Write.objects.update(answer=bytes(row.answer)[:-1] + bytes([bytes(row.answer)[-1] ^ 1]))

    answer = send(sender, "shows")

    assert (answer.status_code, effects()) == (500, 1)


def test_what_it_costs(sender, settings, django_assert_num_queries):
    """Two queries more for a write, none for those who only read; each of the two is one round trip."""
    settings.WRITES_WITHOUT_KEY = {"redirects": "to compare with"}
    send(sender, "redirects", key=new_key())  # from now on the topic is there
    with CaptureQueriesContext(connection) as without:
        send(sender, "redirects", key="")
    settings.WRITES_WITHOUT_KEY = {}

    with django_assert_num_queries(len(without) + 2):
        send(sender, "redirects")
    with CaptureQueriesContext(connection) as again:
        send(sender, "redirects")
    with django_assert_num_queries(2):  # session, person
        sender.get("/test/asks_first/")

    assert sum("idempotency_write" in query["sql"] for query in again.captured_queries) == 2


def test_what_follows_a_commit_follows_once(sender, django_capture_on_commit_callbacks):
    urls.committed.clear()
    with django_capture_on_commit_callbacks(execute=True):
        send(sender, "redirects")
        send(sender, "redirects")

    assert urls.committed == ["once"]
