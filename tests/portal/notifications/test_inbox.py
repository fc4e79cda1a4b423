"""The bell and the days of the inbox."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.live.selectors import head
from portal.notifications import services
from portal.notifications.models import Notification
from portal.notifications.selectors import bell_of
from tests.factories.accounts import person

KIND = "mail.key_expires"
LIVE = {"X-Live": "true", "HX-Request": "true"}


@pytest.fixture
def reader(db):
    return person("Rita Reader", time_zone="Asia/Kathmandu")


@pytest.fixture
def desk(reader, client):
    client.force_login(reader)
    return client


def at(moment, reader):
    return Notification.objects.create(person=reader, kind=KIND, at=moment)


def test_the_bell_counts_in_one_query_and_knows_how_far_the_topic_was(reader):
    empty = bell_of(reader)
    services.notify([reader, person()], kind=KIND)
    services.notify([reader], kind=KIND)

    with CaptureQueriesContext(connection) as queries:
        bell = bell_of(reader)

    assert (empty.unread, empty.head) == (0, 0)
    assert (bell.unread, bell.head) == (2, head(f"inbox:{reader.pk}"))
    assert len(queries) == 1


def test_every_page_follows_the_bell(reader, desk):
    services.notify([reader], kind=KIND)

    page = desk.get("/accounts/").content.decode()

    assert f'id="bell" href="/notifications/" data-live-topic="inbox:{reader.pk}" data-live-number="1"' in page
    assert "Notifications, 1 unread" in page
    assert "js/live.js" in page


def test_little_bandwidth_has_no_socket(reader, desk):
    reader.low_bandwidth = True
    reader.save()

    assert "js/live.js" not in desk.get("/accounts/").content.decode()


def test_the_live_connection_gets_the_bell_alone(reader, desk):
    services.notify([reader], kind=KIND)

    live, browser = desk.get("/notifications/bell/", headers=LIVE), desk.get("/notifications/bell/")

    assert live.content.decode().strip().startswith('<a class="button quiet icon-only bell" id="bell"')
    assert "Notifications, 1 unread" in live.content.decode()
    assert browser.url == "/notifications/"


def test_lines_stand_under_their_day_in_the_readers_time_zone(reader, desk):
    at(datetime(2026, 6, 10, 18, 20, tzinfo=UTC), reader)  # five minutes past midnight of the 11th in Kathmandu
    at(datetime(2026, 6, 10, 18, 10, tzinfo=UTC), reader)
    at(timezone.now(), reader)

    answer = desk.get("/notifications/")

    days = answer.context["days"]
    assert [str(day.day) for day in days][1:] == ["2026-06-11", "2026-06-10"]
    assert [len(day.lines) for day in days] == [1, 1, 1]
    assert "<h2><time" in answer.content.decode()
    assert ">Today<" in answer.content.decode()


def test_only_unread_ones_can_be_shown(reader, desk):
    old = at(timezone.now() - timedelta(days=1), reader)
    at(timezone.now(), reader)
    services.notification_read(reader, notification=old)

    pages = [desk.get("/notifications/", query) for query in ({}, {"unread": "1"})]

    assert [sum(len(day.lines) for day in page.context["days"]) for page in pages] == [2, 1]


def test_an_empty_inbox_says_so(desk):
    assert "Nothing here yet" in desk.get("/notifications/").content.decode()
    assert "You have read everything" in desk.get("/notifications/?unread=1").content.decode()


def test_what_one_place_told_is_read_at_once_and_nothing_else(reader):
    for scope, kind, who in (("a:1", "x", reader), ("a:1", "x", reader), ("a:1", "y", reader), ("a:2", "x", reader)):
        Notification.objects.create(person=who, kind=kind, scope=scope)
    Notification.objects.create(person=person(), kind="x", scope="a:1")
    before = head(f"inbox:{reader.pk}")

    counts = [services.notifications_read_from(reader, scope="a:1", kinds=["x"]) for _ in range(2)]

    assert counts == [2, 0]
    assert head(f"inbox:{reader.pk}") == before + 1
    assert sorted(Notification.objects.filter(read_at__isnull=False).values_list("scope", "kind", "person_id")) == [
        ("a:1", "x", reader.pk),
        ("a:1", "x", reader.pk),
    ]
