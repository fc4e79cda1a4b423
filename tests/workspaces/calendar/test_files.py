"""Meetings as iCalendar files, read back by a program that knows the standard."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.factories.meetings import meeting as a_meeting
from workspaces.calendar import services
from workspaces.calendar.models import Meeting


@pytest.fixture
def browser(club, client):
    client.force_login(club.otto)
    return client


def read(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    return Calendar.from_ical(answer.content)


def of(meeting):
    return reverse("group_calendar:file", args=[meeting.workspace.slug, meeting.number])


def whole(club):
    return reverse("group_calendar:whole", args=[club.group.slug])


def test_one_meeting(club, browser):
    meeting = a_meeting(
        club.group,
        "Appel; du mois, à Genève",
        starts_at=datetime(2028, 3, 26, 0, 30, tzinfo=UTC),
        agenda="1. Visas; urgent\n2. Money, " + "long " * 40 + "\nEND:VEVENT",
        place="Room 3",
        link="https://calls.example/x?a=1,2",
    )

    answer = browser.get(of(meeting))

    calendar = read(answer)
    assert (str(calendar["method"]), str(calendar["version"])) == ("PUBLISH", "2.0")
    (event,) = calendar.walk("VEVENT")
    assert (str(event["uid"]), event["sequence"], str(event["status"])) == (str(meeting.uid), 0, "CONFIRMED")
    assert event.decoded("dtstart") == datetime(2028, 3, 26, 0, 30, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2028, 3, 26, 1, 30, tzinfo=UTC)
    assert (str(event["summary"]), str(event["location"])) == ("Appel; du mois, à Genève", "Room 3")
    assert str(event["description"]) == f"https://calls.example/x?a=1,2\n\n{meeting.agenda}"
    assert str(event["url"]).endswith(meeting.get_absolute_url())
    assert answer["Content-Disposition"] == f'attachment; filename="meeting-{meeting.number}.ics"'
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75


def test_the_uid_stays_and_the_sequence_rises(club, browser):
    meeting = a_meeting(club.group)
    seen = []

    def look():
        (event,) = read(browser.get(of(meeting))).walk("VEVENT")
        seen.append((str(event["uid"]), event["sequence"], str(event["status"])))
        return event

    look()
    fresh = Meeting.objects.get()
    services.meeting_update(
        club.ada,
        meeting=meeting,
        version=1,
        plan=services.Plan(title="Other", starts_at=fresh.starts_at, ends_at=fresh.ends_at, zone="UTC"),
    )
    look()
    services.meeting_cancel(club.ada, meeting=meeting, reason="Too few can come.")
    cancelled = look()

    uid = str(meeting.uid)
    assert seen == [(uid, 0, "CONFIRMED"), (uid, 1, "CONFIRMED"), (uid, 2, "CANCELLED")]
    assert "Too few can come." in str(cancelled["description"])
    assert cancelled.decoded("dtstamp") >= fresh.created_at.replace(microsecond=0)


def test_the_group_as_one_file_with_what_is_cancelled(club, browser):
    a_meeting(club.group, "One")
    services.meeting_cancel(club.ada, meeting=a_meeting(club.group, "Two"), reason="No.")

    calendar = read(browser.get(whole(club)))

    assert sorted((str(one["summary"]), str(one["status"])) for one in calendar.walk("VEVENT")) == [
        ("One", "CONFIRMED"),
        ("Two", "CANCELLED"),
    ]
    assert str(calendar["x-wr-calname"]) == "Safety of journalists"
    assert Calendar.from_ical(browser.get(whole(club)).content).to_ical()


def test_an_empty_calendar_is_a_calendar(club, browser):
    assert read(browser.get(whole(club))).walk("VEVENT") == []


def test_no_file_names_a_person_and_the_link_is_for_who_takes_part(club, client):
    club.group.visibility = "open"
    club.group.save()
    meeting = a_meeting(club.group, link="https://calls.example/x", convened_by=club.ada, convened_for=club.alpha)

    for person, sees in ((club.otto, True), (club.dela, False)):
        client.force_login(person)
        for address in (of(meeting), whole(club)):
            text = client.get(address).content.decode().replace("\r\n ", "")
            assert ("calls.example" in text) == sees
            assert "Ada" not in text
            assert "Alpha" not in text
        assert ("calls.example" in client.get(meeting.get_absolute_url()).text) == sees
