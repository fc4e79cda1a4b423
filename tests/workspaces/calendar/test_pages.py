"""The calendar of a group and the page of a meeting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.groups import takes_part
from tests.factories.meetings import meeting as a_meeting
from workspaces.calendar.models import Meeting


def at(club, name="calendar", *arguments):
    return reverse(f"group_calendar:{name}", args=[club.group.slug, *arguments])


@pytest.fixture
def browser(club, client):
    client.force_login(club.ada)
    return client


def titles(answer):
    return [line.meeting.title for line in answer.context["lines"]]


def ago(**span):
    return timezone.now() - timedelta(**span)


def test_next_first_and_last_first(club, browser):
    a_meeting(club.group, "Later")
    a_meeting(club.group, "Now", starts_at=ago(minutes=10))
    a_meeting(club.group, "Soon", starts_at=timezone.now() + timedelta(days=1))
    a_meeting(club.group, "June", starts_at=ago(days=40))
    a_meeting(club.group, "July", starts_at=ago(days=10))

    assert titles(browser.get(at(club))) == ["Now", "Soon", "Later"]
    assert "Going on now" in browser.get(at(club)).text
    assert at(club, "minutes", 5) in browser.get(at(club) + "?show=past").text
    assert titles(browser.get(at(club) + "?show=past")) == ["July", "June"]
    assert titles(browser.get(at(club) + "?show=nonsense&page=-1")) == ["Now", "Soon", "Later"]


def test_planned_on_a_page_in_the_readers_zone(club, browser):
    type(club.ada).objects.filter(pk=club.ada.pk).update(time_zone="Africa/Cairo")
    assert browser.get(at(club, "new")).context["form"].initial["zone"] == "Africa/Cairo"

    day = (timezone.now() + timedelta(days=30)).date()
    data = {
        "title": "Call", "day": day.isoformat(), "starts": "18:00", "length": "45", "zone": "Africa/Cairo",
        "place": "Room 3", "link": "https://calls.example/x", "languages": ["en", "ar"], "language": "en",
        "agenda": "1. Visas",
    }  # fmt: skip
    answer = browser.post(at(club, "new"), data, follow=True)

    made = Meeting.objects.get()
    assert answer.redirect_chain == [(at(club, "meeting", made.number), 302)]
    assert "18:00–18:45" in answer.text
    assert "in your time zone, Cairo" in answer.text
    assert "English and Arabic" in answer.text
    assert ("Room 3" in answer.text, "https://calls.example/x" in answer.text, "1. Visas" in answer.text) == (True,) * 3


def test_what_was_typed_is_kept_when_something_is_wrong(club, browser):
    data = {"title": "", "day": "2020-01-01", "starts": "18:00", "length": "45", "zone": "UTC", "agenda": "1. Visas"}

    answer = browser.post(at(club, "new"), data)
    assert set(answer.context["form"].errors) == {"title", "language"}
    answer = browser.post(at(club, "new"), {**data, "title": "Call", "language": "en", "link": "no address"})

    assert answer.context["form"].errors == {
        "link": ["This is no address of a page. It begins with https://"],
        "day": ["This moment is past. Give a later one."],
    }
    assert "1. Visas" in answer.text
    assert not Meeting.objects.exists()


def test_cancelled_on_a_page_of_its_own(club, browser):
    meeting = a_meeting(club.group)
    assert browser.get(at(club, "cancel", meeting.number)).status_code == 200

    answer = browser.post(at(club, "cancel", meeting.number), {"reason": "Too few can come."}, follow=True)

    assert "Cancelled by" in answer.text
    assert "Too few can come." in answer.text
    assert at(club, "edit", meeting.number) not in answer.text


def test_minutes_are_written_on_a_page_of_their_own(club, browser):
    meeting = a_meeting(club.group, starts_at=ago(days=1))

    data = {"minutes": "We met.\n\nAll of us.", "language": "en", "version": 0}
    answer = browser.post(at(club, "minutes", meeting.number), data, follow=True)

    assert "<p>We met.</p>" in answer.text
    assert "Written by" in answer.text
    stale = browser.post(at(club, "minutes", meeting.number), {**data, "minutes": "Mine"})
    assert "Somebody else has changed this meanwhile." in stale.text
    assert "Mine" in stale.text


def test_words_are_text_and_nothing_else(club, browser):
    nasty = '<script>alert(1)</script> <img src="https://elsewhere.example/x.png">'
    meeting = a_meeting(club.group, nasty, agenda=nasty, place=nasty, minutes=nasty, minutes_at=timezone.now())

    page = browser.get(meeting.get_absolute_url()).text

    assert "<script>alert" not in page
    assert "<img src=" not in page


def test_who_reads_an_open_group_from_outside_changes_nothing_and_knows_nobody_at_risk(club, client):
    club.group.visibility = "open"
    club.group.save()
    takes_part(club.group, club.ria, of=club.world.hidden)
    meeting = a_meeting(club.group, convened_by=club.ria, convened_for=club.world.hidden, link="https://calls.example/")
    meeting.changes.create(kind="planned", by=club.ria, by_for=club.world.hidden)
    client.force_login(club.dela)

    page = client.get(meeting.get_absolute_url()).text

    assert "Somebody in the group" in page
    assert ("Ria Risk" in page, "Hidden Voices" in page, "calls.example" in page) == (False,) * 3
    assert client.post(at(club, "cancel", meeting.number), {"reason": "x"}).status_code == 403
    assert client.get(at(club, "new")).status_code == 403
    client.force_login(club.otto)
    page = client.get(meeting.get_absolute_url()).text
    assert ("Ria Risk" in page, "calls.example" in page) == (True, True)


def test_an_archive_shows_no_way_to_change(club, browser):
    meeting = a_meeting(club.group)
    club.group.state, club.group.dissolved_at = "dissolved", timezone.now()
    club.group.save()

    page = browser.get(meeting.get_absolute_url())

    assert page.status_code == 200
    assert at(club, "edit", meeting.number) not in page.text
    assert browser.post(at(club, "cancel", meeting.number), {"reason": "x"}).status_code == 403
    assert browser.get(at(club, "new")).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_open_pages_ask_for_their_part(headers, club, browser):
    meeting = a_meeting(club.group)
    for address, part in ((at(club), "meetings"), (meeting.get_absolute_url(), "meeting")):
        text = browser.get(address, headers=headers).text
        assert f'id="{part}" data-live-topic="{club.group.topic}"' in text
        assert ("<html" in text) == (not headers)


def test_pages_cost_the_same_for_one_and_for_many(club, browser):
    def cost(address):
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        return len(captured)

    meeting = a_meeting(club.group, convened_by=club.ada)
    meeting.changes.create(kind="planned", by=club.ada)
    once = cost(at(club)), cost(meeting.get_absolute_url())
    for person, organisation in ((club.sam, club.alpha), (club.otto, club.beta), (club.gus, None)):
        a_meeting(club.group, convened_by=person, convened_for=organisation)
        meeting.changes.create(kind="changed", by=person, by_for=organisation)

    assert (cost(at(club)), cost(meeting.get_absolute_url())) == once
    assert once <= (11, 12)
