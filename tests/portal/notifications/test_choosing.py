"""Choosing on pages how much one is told from where, and when mails come."""

import re
from datetime import time

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.notifications import services
from portal.notifications.models import MailSettings, Notification, ScopeLevel
from portal.notifications.selectors import bell_of, scope_level_of
from portal.notifications.tasks import unheard_forget
from portal.registry import Level
from tests.factories.accounts import person
from tests.jobs import run_jobs
from tests.portal.notifications.places import FACT

CLUB, ROOM = "testclub:k1", "testroom:k1.7"
PAGE, CHOICES = f"/notifications/levels/{CLUB}/", "/notifications/preferences/"


@pytest.fixture
def reader(places):
    rita = person("Rita Reader", time_zone="Europe/Paris")
    places.join(rita)
    return rita


@pytest.fixture
def desk(reader, client):
    client.force_login(reader)
    return client


def tell(*people, scope=CLUB):
    services.notify(people, kind=FACT, payload={}, url="/", scope=scope)


# Levels


def test_the_page_names_the_place_and_shows_what_is_chosen(reader, desk):
    usual = desk.get(PAGE).content.decode()
    services.scope_level_set(reader, scope=CLUB, level=Level.MENTIONS)
    chosen = desk.get(PAGE).content.decode()

    assert "Club k1" in usual
    assert re.findall(r'value="(\w*)"[^>]* checked', usual) == [""]
    assert re.findall(r'value="(\w*)"[^>]* checked', chosen) == ["mentions"]


@pytest.mark.parametrize(
    ("sent", "level"), [("all", Level.ALL), ("mentions", Level.MENTIONS), ("nothing", Level.NOTHING)]
)
def test_a_level_is_chosen_and_given_up(sent, level, reader, desk):
    answer = desk.post(PAGE, {"level": sent, "next": "/groups/k1/?page=2"})
    found = scope_level_of(reader, CLUB)
    desk.post(PAGE, {"level": ""})

    assert (answer.status_code, answer.url) == (302, "/groups/k1/?page=2")
    assert found == level
    assert not ScopeLevel.objects.exists()


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "evil", "", "/\tx"]
)
def test_nobody_is_led_elsewhere(path, desk):
    answer = desk.post(PAGE, {"level": "all", "next": path})
    page = desk.get(PAGE, {"next": path}).content.decode()

    assert answer.url == CHOICES
    assert f'name="next" value="{CHOICES}"' in page
    assert f'<a class="button" href="{CHOICES}">Back</a>' in page


def test_what_is_no_level_is_not_taken(reader, desk):
    answer = desk.post(PAGE, {"level": "loud"})

    assert answer.status_code == 200
    assert not ScopeLevel.objects.exists()


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize(
    "scope",
    [
        "testclub:k2",
        "testroom:k2.7",
        "gone:k1",
        "testclub:",
        "testclub",
        "x%01y",
        "testclub:%01",
        "testclub:" + "k" * 200,
    ],
)
def test_where_nothing_is_to_be_heard_there_is_no_page(scope, verb, desk, places):
    places.join(person(), club="k2")

    answer = getattr(desk, verb)(f"/notifications/levels/{scope}/", {"level": "all"})

    assert answer.status_code == 404
    assert "Club k2" not in answer.content.decode()
    assert not ScopeLevel.objects.exists()


def test_strangers_are_sent_to_sign_in(client, places):
    assert client.get(PAGE).url.startswith("/accounts/login/")


def test_all_levels_are_listed_beside_the_choices_of_mail_but_not_from_where_one_left(reader, desk, places):
    places.join(reader, club="k2"), places.join(reader, club="k3")
    for scope in (CLUB, "testclub:k2", "testclub:k3", ROOM):
        services.scope_level_set(reader, scope=scope, level=Level.NOTHING)
    places.leave(reader, club="k3")

    page = desk.get(CHOICES).content.decode()

    assert re.findall(r"<bdi>(Club [\w.]+)</bdi>", page) == ["Club k1", "Club k1.7", "Club k2"]
    assert page.count('class="button small" href="/notifications/levels/') == 3
    assert "club:k3" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(number, reader, desk, places):
    for club in range(number):
        places.join(reader, club=f"k{club}")
        services.scope_level_set(reader, scope=f"testclub:k{club}", level=Level.NOTHING)

    with CaptureQueriesContext(connection) as queries:
        desk.get(CHOICES)

    # Levels twice, and once who may hear.
    own = [
        query["sql"] for query in queries.captured_queries if "scopelevel" in query["sql"] or query["sql"] == "SELECT 1"
    ]
    assert len(own) == 3


# The inbox


def test_the_inbox_shows_nothing_from_where_one_may_not_hear_though_nobody_took_it_back(reader, desk, places):
    tell(reader), tell(reader, scope="testclub:k1"), tell(reader, scope="")
    places.leave(reader)

    page = desk.get("/notifications/").content.decode()

    assert "1 notification you have not read" in page
    assert bell_of(reader).unread == 1
    assert [one.scope for one in Notification.objects.all()] == [""]


def test_nothing_is_opened_from_where_one_may_not_hear(reader, desk, places):
    tell(reader)
    opened = f"/notifications/{Notification.objects.get().pk}/"
    before = desk.head(opened).status_code
    places.leave(reader)

    assert (before, desk.get(opened).status_code) == (302, 404)


def test_the_clock_forgets_what_nobody_took_back(reader, places):
    other = person()
    places.join(other)
    tell(reader, other), tell(reader, scope="")
    services.scope_level_set(reader, scope=ROOM, level=Level.ALL)
    services.scope_level_set(other, scope=ROOM, level=Level.ALL)
    places.leave(reader)

    unheard_forget(timestamp=0)

    left = Notification.objects.order_by("pk").values_list("person_id", "scope")
    assert list(left) == [(other.pk, CLUB), (reader.pk, "")]
    assert [one.person_id for one in ScopeLevel.objects.all()] == [other.pk]


# When mails come


def test_times_are_chosen_on_the_page_which_names_the_zone(reader, desk):
    page = desk.get(CHOICES).content.decode()
    data = {
        "pace": "weekly",
        "hour": "6",
        "weekday": "4",
        "quiet_from": "22:30",
        "quiet_until": "06:45",
        "any_mail": "on",
    }

    answer = desk.post(CHOICES, data, follow=True).content.decode()

    times = MailSettings.objects.get()
    assert "<bdi>Europe/Paris</bdi>" in page
    assert re.findall(r'value="([\w:]+)"[^>]* (?:checked|selected)', page)[:3] == ["at_once", "8", "0"]
    assert (times.pace, times.digest_hour, times.digest_weekday) == ("weekly", 6, 4)
    assert (str(times.quiet_from), str(times.quiet_until)) == ("22:30:00", "06:45:00")
    assert times.discreet is None
    assert re.findall(r'value="([\w:]+)"[^>]* (?:checked|selected)', answer)[:3] == ["weekly", "6", "4"]
    assert 'value="22:30"' in answer


def test_a_form_without_times_leaves_them_as_they_are(reader, desk):
    services.mail_times_update(reader, times=services.MailTimes(pace="daily", hour=5))

    desk.post(CHOICES, {"any_mail": "on"})

    times = MailSettings.objects.get()
    assert (times.pace, times.digest_hour) == ("daily", 5)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "quiet_until"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from"),
        ({"pace": "hourly"}, "pace"),
        ({"hour": "24"}, "hour"),
        ({"weekday": "7"}, "weekday"),
    ],
)
def test_what_is_no_time_is_said_beside_its_field(given, field, desk):
    answer = desk.post(CHOICES, {"any_mail": "on", **given})

    assert list(answer.context["form"].errors) == [field]
    assert not MailSettings.objects.exists()


@pytest.mark.parametrize(
    "times",
    [
        {"pace": "hourly"},
        {"hour": 24},
        {"weekday": 7},
    ],
)
def test_services_take_no_other_times(times, reader):
    with pytest.raises(ValueError):
        services.mail_times_update(reader, times=services.MailTimes(**times))


def test_a_mail_from_a_place_leads_to_the_choice_there_and_others_do_not(reader):
    tell(reader), tell(reader, scope="")

    run_jobs()

    links = ["http://localhost:8000" + PAGE in sent.body for sent in mail.outbox]
    assert links == [True, False]
    assert f'href="http://localhost:8000{PAGE}"' in mail.outbox[0].alternatives[0].content


def test_what_is_held_about_them_says_all_of_it_in_words(reader, desk, places):
    places.join(reader, club="k2")
    services.scope_level_set(reader, scope=CLUB, level=Level.MENTIONS)
    services.scope_level_set(reader, scope="testclub:k2", level=Level.NOTHING)
    tell(reader), tell(reader, scope="testclub:k2")
    quiet = (time(22, 30), time(7))
    services.mail_times_update(reader, times=services.MailTimes(pace="weekly", weekday=4, hour=6, quiet=quiet))
    places.leave(reader, club="k2")

    page = desk.get("/privacy/").content.decode()

    for words in ("Club k1", "Mentions", "Once a week", "06:00", "Friday", "22:30", "07:00"):
        assert words in page
    assert not re.search(r"Club k2|club:k[12]", page)
