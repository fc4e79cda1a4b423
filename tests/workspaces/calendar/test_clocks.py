"""Times by many clocks, also where clocks change; and times that clocks skip or show twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from portal.accounts.models import User
from portal.ui.digits import western_digits
from tests.factories.groups import takes_part
from tests.factories.meetings import meeting as a_meeting
from workspaces.calendar.forms import MeetingForm
from workspaces.calendar.models import Meeting
from workspaces.calendar.selectors.clocks import clocks_of, span


def lives_in(**zones):
    for person, zone in zones.values():
        User.objects.filter(pk=person.pk).update(time_zone=zone)


def filled(workspace, **changes):
    data = {
        "title": "Monthly call", "day": "2028-06-10", "starts": "18:00", "length": "90", "zone": "Europe/Paris",
        "language": "en", **changes,
    }  # fmt: skip
    return MeetingForm(data, workspace=workspace)


def test_a_span_names_its_day_hours_and_zone():
    begin, end = datetime(2027, 6, 10, 16, tzinfo=UTC), datetime(2027, 6, 10, 17, 30, tzinfo=UTC)

    assert str(span(begin, end, ZoneInfo("Europe/Paris"))) == "Thu 10 June 2027, 18:00–19:30 UTC+2"
    assert str(span(begin, end, ZoneInfo("Asia/Kathmandu"))) == "Thu 10 June 2027, 21:45–23:15 UTC+5:45"
    assert str(span(begin, end, ZoneInfo("Pacific/Auckland"))) == "Fri 11 June 2027, 04:00–05:30 UTC+12"
    assert str(span(begin, end, ZoneInfo("Asia/Tokyo"))) == "Fri 11 June 2027, 01:00–02:30 UTC+9"
    late = str(span(begin, end, ZoneInfo("Asia/Dhaka")))
    assert late == "Thu 10 June 2027, 22:00–23:30 UTC+6"
    over = str(span(begin, end, ZoneInfo("Asia/Yangon")))
    assert over == "Thu 10 June 2027, 22:30–00:00 UTC+6:30, until Fri 11 June"


def test_a_span_in_arabic():
    begin, end = datetime(2027, 6, 10, 16, tzinfo=UTC), datetime(2027, 6, 10, 17, 30, tzinfo=UTC)
    with override("ar"), western_digits(False):
        assert span(begin, end, ZoneInfo("Africa/Cairo")).hours == "١٩:٠٠–٢٠:٣٠"


def test_everybodys_clock_from_west_to_east_each_zone_once(club):
    lives_in(
        ada=(club.ada, "Europe/Paris"), sam=(club.sam, "Africa/Kinshasa"), otto=(club.otto, "Africa/Cairo"),
        gus=(club.gus, "America/New_York"),
    )  # fmt: skip
    meeting = a_meeting(club.group, starts_at=datetime(2028, 1, 12, 15, tzinfo=UTC), zone="Europe/Paris")

    with timezone.override(ZoneInfo("Europe/Paris")):
        clocks = clocks_of(club.ada, meeting)

    plain = str.maketrans("", "", "\u2068\u2069")
    assert [
        (clock.span.hours, clock.span.offset, clock.names.translate(plain), clock.own, clock.named) for clock in clocks
    ] == [
        ("10:00–11:00", "UTC−5", "Gus Guest", False, ""),
        ("16:00–17:00", "UTC+1", "Ada Ministrator and Sam Staff", True, "Paris"),
        ("17:00–18:00", "UTC+2", "Otto Other", False, ""),
    ]


def test_the_same_two_zones_are_apart_when_clocks_change_in_one(club):
    """Paris puts its clocks forward on 26 March 2028, Kinshasa never; New York did on 12 March, two weeks before."""
    lives_in(ada=(club.ada, "Europe/Paris"), sam=(club.sam, "Africa/Kinshasa"), otto=(club.otto, "America/New_York"))
    User.objects.filter(pk=club.gus.pk).update(time_zone="UTC")

    def offsets(*day):
        meeting = a_meeting(club.group, starts_at=datetime(2028, *day, 15, tzinfo=UTC), zone="UTC")
        with timezone.override(ZoneInfo("UTC")):
            return [(clock.span.hours[:5], clock.span.offset) for clock in clocks_of(club.ada, meeting)]

    assert offsets(3, 10) == [("10:00", "UTC−5"), ("15:00", "UTC"), ("16:00", "UTC+1")]
    assert offsets(3, 20) == [("11:00", "UTC−4"), ("15:00", "UTC"), ("16:00", "UTC+1")]
    assert offsets(3, 27) == [("11:00", "UTC−4"), ("15:00", "UTC"), ("16:00", "UTC+1"), ("17:00", "UTC+2")]


def test_where_people_live_is_not_said(club, client):
    lives_in(otto=(club.otto, "Africa/Cairo"))
    meeting = a_meeting(club.group, zone="UTC")
    client.force_login(club.ada)

    page = client.get(meeting.get_absolute_url()).text

    assert "Otto Other" in page
    assert "Cairo" not in page


def test_who_does_not_take_part_sees_nobodys_clock(club, client):
    club.group.visibility = "open"
    club.group.save()
    meeting = a_meeting(club.group)
    client.force_login(club.dela)

    page = client.get(meeting.get_absolute_url())

    assert page.context["clocks"] == []
    assert "Otto Other" not in page.text


@pytest.mark.parametrize(
    ("changes", "starts_at"),
    [
        ({}, datetime(2028, 6, 10, 16, tzinfo=UTC)),
        ({"day": "2028-12-10"}, datetime(2028, 12, 10, 17, tzinfo=UTC)),
        ({"zone": "America/St_Johns"}, datetime(2028, 6, 10, 20, 30, tzinfo=UTC)),
        ({"starts": "00:30", "zone": "Pacific/Kiritimati"}, datetime(2028, 6, 9, 10, 30, tzinfo=UTC)),
    ],
)
def test_what_is_typed_is_one_moment(changes, starts_at, club):
    form = filled(club.group, **changes)

    assert form.is_valid(), form.errors
    assert (form.plan().starts_at, form.said_twice) == (starts_at, "")
    assert (form.plan().ends_at - form.plan().starts_at).total_seconds() == 90 * 60


def test_a_time_that_clocks_skip_is_refused_with_a_sentence(club):
    form = filled(club.group, day="2028-03-26", starts="02:30")

    assert not form.is_valid()
    assert form.errors == {
        "starts": ["On Sun 26 March 2028 clocks in Paris skip 02:30: they are put forward. Choose another time."]
    }


def test_of_a_time_that_comes_twice_the_first_is_meant_and_it_is_said(club, client):
    client.force_login(club.ada)
    data = filled(club.group, day="2028-10-29", starts="02:30").data

    answer = client.post(reverse("group_calendar:new", args=[club.group.slug]), data, follow=True)

    assert Meeting.objects.get().starts_at == datetime(2028, 10, 29, 0, 30, tzinfo=UTC)
    assert "clocks in Paris are put back: 02:30 comes twice, and the first is meant." in answer.text


def test_a_meeting_over_a_change_of_the_clocks_lasts_as_long_as_it_was_said(club):
    form = filled(club.group, day="2028-03-26", starts="01:30", length="60")

    assert form.is_valid()
    assert str(span(form.plan().starts_at, form.plan().ends_at, ZoneInfo("Europe/Paris"))).endswith("01:30–03:30 UTC+1")


def test_whoever_changes_it_finds_what_was_typed(club):
    form = filled(club.group)
    assert form.is_valid()
    meeting = a_meeting(club.group, **{name: getattr(form.plan(), name) for name in ("starts_at", "ends_at", "zone")})

    with timezone.override(ZoneInfo("Asia/Tokyo")):
        shown = MeetingForm(workspace=club.group, meeting=meeting).initial

    assert (str(shown["day"]), str(shown["starts"]), shown["length"], shown["zone"]) == (
        "2028-06-10",
        "18:00:00",
        90,
        "Europe/Paris",
    )


@pytest.mark.parametrize(
    "changes",
    [{"day": "0001-01-01", "starts": "00:00", "zone": "Pacific/Kiritimati"}, {"day": "9999-12-31", "starts": "23:59"}],
)
def test_the_ends_of_the_calendar_break_nothing(changes, club):
    form = filled(club.group, **changes)

    assert form.is_valid() or set(form.errors) <= {"day", "starts"}


def test_of_many_in_one_zone_some_are_named(club):
    for number in range(9):
        takes_part(club.group, User.objects.create_user(f"p{number}@example.org", f"Person {number}"))
    meeting = a_meeting(club.group)

    # Of these nobody belongs to an organisation, so they do not take part; the others are named.
    assert [clock.names.count("\u2068") for clock in clocks_of(club.ada, meeting)] == [4]
