"""What meetings show outside their group, and what they never show of a secret one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.models import Notification
from tests.factories import groups as make
from tests.factories.meetings import meeting as a_meeting
from workspaces.calendar import services
from workspaces.groups import services as groups
from workspaces.groups.registry import sections

OUTSIDE = ("dela", "ria", "una", "sekou")


@pytest.fixture
def secret(club):
    """A secret group of Ada and Otto that meets in a week, and has met."""
    group = make.group("Kestrel", visibility="secret")
    club.group = group
    club.place["ada"] = make.takes_part(group, club.ada, of=club.alpha, keeps=True)
    club.place["otto"] = make.takes_part(group, club.otto, of=club.beta)
    a_meeting(group, "Kestrel call", agenda="kestrelword", link="https://calls.example/kestrel")
    a_meeting(group, "Kestrel met", starts_at=timezone.now() - timedelta(days=9), minutes="kestrelminutes")
    return club


def test_the_next_meetings_of_own_groups_stand_on_the_home_page(club, client):
    other = make.group("Visas")
    for title, group, days in (
        ("Third", club.group, 9),
        ("First", other, 2),
        ("Second", club.group, 5),
        ("Past", other, -3),
    ):
        a_meeting(group, title, starts_at=timezone.now() + timedelta(days=days))
    a_meeting(club.group, "Cancelled", cancelled_at=timezone.now(), cancelled_because="No.")
    make.takes_part(other, club.otto, of=club.beta)
    client.force_login(club.otto)

    cards = [card for template, card in client.get("/").context["page"].sides if "calendar" in template]

    assert [[meeting.title for meeting in card["meetings"]] for card in cards] == [["First", "Second", "Third"]]
    client.force_login(club.dela)
    assert "Second" not in client.get("/").text


def test_the_section_says_what_is_new_what_is_next_and_how_much(club):
    section, since = sections["calendar"], timezone.now()
    assert section.side(club.ada, club.group) is None
    begin = timezone.now() + timedelta(days=3)
    plan = services.Plan(title="Call", starts_at=begin, ends_at=begin + timedelta(hours=1), zone="UTC")
    made = services.meeting_plan(club.ada, workspace=club.group, plan=plan)
    other = services.meeting_plan(club.ada, workspace=club.group, plan=plan)
    services.meeting_cancel(club.ada, meeting=other, reason="Twice.")

    news = section.news(club.otto, club.group, since)

    assert [(line.title, line.detail) for line in news] == [("Call", "Meeting cancelled"), ("Call", "New meeting")]
    assert section.side(club.otto, club.group)["line"].meeting == made
    assert section.activity([club.group.pk], since) == {club.group.pk: 3}


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_of_a_secret_group_is_found_by_its_address(who, secret, client):
    client.force_login(getattr(secret, who))
    for name, arguments in (
        ("calendar", []), ("whole", []), ("new", []), ("meeting", [1]), ("file", [1]), ("edit", [1]), ("cancel", [1]),
        ("minutes", [2]), ("meeting", [99]), ("file", [99]),
    ):  # fmt: skip
        answer = client.get(reverse(f"group_calendar:{name}", args=[secret.group.slug, *arguments]))
        # The Secretariat knows that it exists, and reads nothing in it.
        assert answer.status_code == (403 if who == "sekou" else 404)
        assert "estrel call" not in answer.text
        assert "BEGIN:VCALENDAR" not in answer.text


@pytest.mark.parametrize("who", OUTSIDE)
def test_nothing_of_it_is_found_on_the_home_page_or_by_the_search(who, secret, client):
    client.force_login(getattr(secret, who))

    for page in ("/", "/search/?q=kestrelword", "/search/?q=kestrelminutes", "/search/?q=call", "/notifications/"):
        text = client.get(page).text
        assert "estrel call" not in text
        assert "estrel met" not in text


def test_who_takes_part_finds_it(secret, client):
    client.force_login(secret.otto)

    assert "Kestrel call" in client.get("/search/?q=kestrelword").text
    assert "Kestrel met" in client.get("/search/?q=kestrelminutes").text
    assert "Kestrel call" in client.get("/").text
    assert "Kestrel" not in client.get("/search/?q=calls.example").text.replace("Search for calls.example", "")


def test_who_left_is_told_nothing_more_of_it_and_finds_nothing(secret, client):
    services.meeting_cancel(secret.ada, meeting=secret.group.meetings.get(number=1), reason="Raid.")
    assert Notification.objects.filter(person=secret.otto, kind="meeting.cancelled").count() == 1

    groups.participation_end(secret.otto, participation=secret.place["otto"])

    client.force_login(User.objects.get(pk=secret.otto.pk))
    assert Notification.objects.filter(person=secret.otto).count() == 0
    for page in ("/", "/notifications/", "/search/?q=kestrelword"):
        assert "estrel call" not in client.get(page).text
    assert client.get(reverse("group_calendar:whole", args=[secret.group.slug])).status_code == 404
