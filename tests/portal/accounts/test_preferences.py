"""Name, language, time zone and how pages look; and the switch of languages that everybody has."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from portal.accounts.middleware import PreferencesMiddleware
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.ui.zones import zone_named, zones_by_region
from tests.factories.accounts import person

ACCOUNT, SWITCH = "/accounts/", "/accounts/language/"
RIGHT = {
    "name": "Rita Reader",
    "language": "ar",
    "time_zone": "Africa/Kinshasa",
    "appearance": "dark",
    "low_bandwidth": "on",
}


@pytest.fixture
def reader(db):
    return person("Rita Reader")


@pytest.fixture
def desk(reader, client):
    client.force_login(reader)
    return client


def test_preferences_are_saved_and_in_force_on_the_next_page(reader, desk):
    answer = desk.post(ACCOUNT, RIGHT, follow=True)

    reader.refresh_from_db()
    page = answer.content.decode()
    assert (reader.language, reader.time_zone, reader.appearance) == ("ar", "Africa/Kinshasa", "dark")
    assert (reader.low_bandwidth, reader.western_digits, reader.presence_visible) == (True, False, False)
    assert 'lang="ar" dir="rtl"' in page
    assert answer.headers["Content-Language"] == "ar"
    assert desk.cookies["language"].value == "ar"


def test_a_changed_name_goes_into_the_record_preferences_do_not(reader, desk):
    desk.post(ACCOUNT, RIGHT)
    unchanged = Entry.objects.count()

    desk.post(ACCOUNT, {**RIGHT, "name": "Rita Renamed"})

    assert unchanged == 0
    assert Entry.objects.get().details == {}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required"),
        ("name", "   ", "This field is required"),
        ("name", "x" * 10_000, "at most 150 characters"),
        ("name", "Rita\u2066\u202e", "Remove the invisible characters"),
        ("name", "Rita\tReader", "Remove the invisible characters"),
        ("name", "Rita\0", "Null characters are not allowed"),
        ("language", "xx", "is not one of the available choices"),
        ("language", "", "This field is required"),
        ("time_zone", "Mars/Olympus", "is not one of the available choices"),
        ("time_zone", "../../etc/passwd", "is not one of the available choices"),
        ("appearance", "pink", "is not one of the available choices"),
    ],
)
def test_nonsense_gets_a_sentence_and_what_was_typed_is_kept(field, value, sentence, reader, desk):
    answer = desk.post(ACCOUNT, {**RIGHT, "name": "Rita Typed", "language": "en", field: value})

    page = answer.content.decode()
    reader.refresh_from_db()
    assert answer.status_code == 200
    assert sentence in page
    assert field == "name" or 'value="Rita Typed"' in page
    assert reader.name == "Rita Reader"
    assert answer.context["reader"].name == "Rita Reader"


def test_names_of_many_writings_are_names(desk, reader):
    for name in ("محمد علي", "می\u200cخواهم", "O’Brien-Łuczak", "Ní Dhomhnaill Ó", "李小龍", "Jean-Luc 2"):
        desk.post(ACCOUNT, {**RIGHT, "name": name})

        reader.refresh_from_db()
        assert reader.name == name


def test_only_the_preferences_can_be_set(reader, desk):
    before = (
        User.objects.filter(pk=reader.pk).values("email", "is_active", "is_superuser", "password", "created_at").get()
    )

    desk.post(
        ACCOUNT, {**RIGHT, "email": "x@example.org", "is_superuser": "on", "is_active": "", "password": "x", "id": "1"}
    )

    assert User.objects.filter(pk=reader.pk).values(*before).get() == before


def test_all_zones_can_be_chosen_and_old_ones_stay():
    names = {name for _region, zones in zones_by_region() for name, _words in zones}

    assert {"UTC", "Africa/Cairo", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", "US/Pacific"} <= names
    assert len(names) > 500


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../../etc/passwd", "Europe", "x" * 5000, "a\0b"])
def test_an_unknown_zone_is_utc(name):
    assert zone_named(name).key == "UTC"


@pytest.mark.parametrize(
    ("stored", "language", "zone"),
    [
        ({"language": "fr", "time_zone": "Africa/Cairo"}, "fr", "Africa/Cairo"),
        ({"language": "xx", "time_zone": "Gone/Zone"}, "en", "UTC"),
        ({"language": "", "time_zone": ""}, "en", "UTC"),
    ],
)
def test_a_readers_choices_are_in_force_whatever_is_stored(stored, language, zone, reader, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = User(pk=reader.pk, **stored)
    seen = {}

    def view(request):
        seen.update(language=translation.get_language(), zone=timezone.get_current_timezone_name())
        return HttpResponse()

    with django_assert_num_queries(0):
        answer = PreferencesMiddleware(view)(request)

    assert seen == {"language": language, "zone": zone}
    assert answer.headers["Content-Language"] == language
    assert translation.get_language() == "en"  # nothing stays behind for the next request of the thread


def test_digits_are_those_of_the_reader(reader):
    shown = {}
    for western in (False, True):
        request = RequestFactory().get("/")
        request.user = User(pk=reader.pk, language="ar", western_digits=western)

        def view(request, western=western):
            shown[western] = Template("{{ 104|number }}").render(Context())
            return HttpResponse()

        PreferencesMiddleware(view)(request)

    assert shown == {False: "١٠٤", True: "104"}


@pytest.mark.parametrize(
    ("headers", "cookie", "language"),
    [
        ({"Accept-Language": "fr-CA,fr;q=0.9"}, "", "fr"),
        ({"Accept-Language": "fr"}, "ar", "ar"),
        ({"Accept-Language": "fr"}, "nonsense", "fr"),
        ({"Accept-Language": "x" * 5000}, "", "en"),
        ({}, "", "en"),
    ],
)
def test_strangers_get_their_cookies_or_their_browsers_language(headers, cookie, language, db, client):
    if cookie:
        client.cookies["language"] = cookie

    answer = client.get("/accounts/login/", headers=headers)

    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in answer.content.decode()


def test_the_switch_works_for_everybody(db, client):
    answer = client.post(SWITCH, {"language": "es", "next": "/accounts/login/?next=/"})

    assert answer.url == "/accounts/login/?next=/"
    assert client.get(answer.url).headers["Content-Language"] == "es"
    assert client.cookies["language"]["httponly"]
    assert client.cookies["language"]["samesite"] == "Lax"


def test_the_switch_is_remembered_in_the_account(reader, desk):
    desk.post(SWITCH, {"language": "fr", "next": ACCOUNT})

    reader.refresh_from_db()
    assert reader.language == "fr"
    elsewhere = Client()
    elsewhere.force_login(reader)
    assert elsewhere.get(ACCOUNT).headers["Content-Language"] == "fr"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "x" * 5000]
)
def test_the_switch_never_leads_elsewhere(wanted, db, client):
    answer = client.post(SWITCH, {"language": "fr", "next": wanted})

    assert answer.url == "/"


@pytest.mark.parametrize("language", ["", "xx", "en\0", "ar-x" * 3000])
def test_a_language_that_is_not_offered_changes_nothing(language, reader, desk):
    answer = desk.post(SWITCH, {"language": language, "next": ACCOUNT}, follow=True)

    reader.refresh_from_db()
    assert "not offered" in answer.content.decode()
    assert reader.language == "en"
    assert "language" not in desk.cookies


def test_the_switch_takes_no_links(client, db):
    assert client.get(SWITCH, {"language": "fr"}).status_code == 405


def test_times_are_shown_in_the_readers_zone(reader):
    with timezone.override(zone_named("Asia/Kathmandu")):
        shown = Template("{{ at|clock }}").render(Context({"at": datetime(2027, 6, 10, 18, tzinfo=UTC)}))

    assert "23:45" in shown


def test_preferences_cost_a_page_nothing_beyond_session_and_person(desk):
    with CaptureQueriesContext(connection) as stranger:
        Client().get("/accounts/login/")
    with CaptureQueriesContext(connection) as signed_in:
        desk.get("/accounts/security/")

    assert reads(stranger) == []
    assert 'FROM "django_session"' in reads(signed_in)[0]
    assert [n for n, read in enumerate(reads(signed_in)) if '"accounts_user"."appearance"' in read] == [1]


def reads(queries):
    """What is read, without the marks of transactions."""
    return [query["sql"] for query in queries.captured_queries if query["sql"].startswith("SELECT")]
