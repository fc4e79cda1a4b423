"""Planning a meeting, changing and cancelling it, and writing down what was agreed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from portal.notifications.models import Notification
from portal.notifications.services import scope_level_set
from portal.registry import Level
from tests.factories.meetings import meeting as a_meeting
from workspaces.calendar import services
from workspaces.calendar.models import Meeting
from workspaces.calendar.services import Plan
from workspaces.groups import services as groups
from workspaces.groups.services import Overtaken


def in_days(days, hour=9):
    return (timezone.now() + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def plan(**changes):
    begin = changes.pop("starts_at", in_days(7))
    values = {"title": "Monthly call", "starts_at": begin, "ends_at": begin + timedelta(hours=1), "zone": "UTC"}
    return Plan(**{**values, **changes})


def told(kind):
    return sorted(Notification.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_whoever_takes_part_is_told_of_a_planned_meeting(club):
    made = services.meeting_plan(
        club.ada,
        workspace=club.group,
        plan=plan(title=" Monthly   call ", link="https://calls.example/", languages=["en", "fr"], zone="Africa/Cairo"),
    )

    made.refresh_from_db()
    assert (made.number, made.title, made.sequence, made.zone) == (1, "Monthly call", 0, "Africa/Cairo")
    assert (made.convened_by, made.convened_for, made.languages) == (club.ada, club.alpha, ["en", "fr"])
    assert told("meeting.planned") == ["Gus Guest", "Otto Other", "Sam Staff"]
    notification = Notification.objects.filter(kind="meeting.planned").first()
    assert notification.scope == club.group.scope
    assert notification.payload == {
        "by": "Ada Ministrator",
        "group": "Safety of journalists",
        "title": "Monthly call",
        "starts": made.starts_at.isoformat(),
    }
    assert [(step.kind, step.by, step.by_for) for step in made.changes.all()] == [("planned", club.ada, club.alpha)]
    assert Entry.objects.get(verb="meeting.planned").target_name == ""
    assert Event.objects.filter(topic__name=club.group.topic, kind="group.calendar").count() == 1


@pytest.mark.parametrize("who", ["dela", "sekou", "ria", "una"])
def test_only_who_takes_part_plans_and_changes(who, club):
    outsider = getattr(club, who)
    meeting = a_meeting(club.group)
    for act in (
        lambda: services.meeting_plan(outsider, workspace=club.group, plan=plan()),
        lambda: services.meeting_update(outsider, meeting=meeting, version=1, plan=plan(title="Other")),
        lambda: services.meeting_cancel(outsider, meeting=meeting, reason="No"),
        lambda: services.minutes_write(outsider, meeting=meeting, version=0, text="No", language="en"),
    ):
        with pytest.raises(Refused):
            act()

    assert Meeting.objects.get().title == "Monthly call"


def test_an_archive_is_only_read(club):
    meeting = a_meeting(club.group)
    groups.workspace_dissolve(club.ada, workspace=club.group, note="Done.")

    with pytest.raises(Refused):
        services.meeting_cancel(club.anew(club.ada), meeting=meeting, reason="No")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"zone": "Nowhere/Atlantis"}, "zone"),
        ({"languages": ["xx"]}, "languages"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://calls.example/"}, "link"),
        ({"ends_at": in_days(7)}, "length"),
        ({"ends_at": in_days(11)}, "length"),
        ({"starts_at": in_days(-1)}, "day"),
        ({"starts_at": in_days(1200)}, "day"),
    ],
)
def test_it_says_what_is_wrong(changes, field, club):
    with pytest.raises(ValidationError) as error:
        services.meeting_plan(club.ada, workspace=club.group, plan=plan(**changes))

    assert set(error.value.message_dict) == {field}


def test_of_another_time_everybody_is_told_of_other_words_nobody(club):
    meeting = a_meeting(club.group, starts_at=in_days(7))
    same = plan(starts_at=meeting.starts_at)

    services.meeting_update(
        club.otto, meeting=meeting, version=1, plan=replace(same, agenda="1. Visas", place="Room 3")
    )
    assert told("meeting.moved") == []
    meeting.refresh_from_db()
    assert (meeting.agenda, meeting.sequence, meeting.version) == ("1. Visas", 1, 2)

    services.meeting_update(club.otto, meeting=meeting, version=2, plan=plan(starts_at=in_days(8)))
    meeting.refresh_from_db()
    assert told("meeting.moved") == ["Ada Ministrator", "Gus Guest", "Sam Staff"]
    assert (meeting.sequence, meeting.starts_at) == (2, in_days(8))
    moved = meeting.changes.first()
    assert (moved.kind, moved.began_at, moved.by_for) == ("moved", in_days(7), club.beta)
    assert Entry.objects.get(verb="meeting.changed").details == {"fields": ["agenda", "place"]}


def test_saving_the_same_again_changes_nothing(club):
    meeting = a_meeting(club.group, starts_at=in_days(7))

    services.meeting_update(club.ada, meeting=meeting, version=1, plan=plan(starts_at=in_days(7)))

    meeting.refresh_from_db()
    assert (meeting.version, meeting.sequence, meeting.changes.count()) == (1, 0, 0)


def test_of_two_who_change_it_the_second_is_told(club):
    meeting = a_meeting(club.group)
    services.meeting_update(club.ada, meeting=meeting, version=1, plan=plan(title="Mine"))

    with pytest.raises(Overtaken):
        services.meeting_update(club.otto, meeting=meeting, version=1, plan=plan(title="Other"))

    assert Meeting.objects.get().title == "Mine"


def test_of_a_meeting_that_is_over_the_time_stays(club):
    meeting = a_meeting(club.group, starts_at=in_days(-7))
    same = plan(starts_at=meeting.starts_at)

    services.meeting_update(club.ada, meeting=meeting, version=1, plan=replace(same, title="Call of June"))
    with pytest.raises(ValidationError):
        services.meeting_update(club.ada, meeting=meeting, version=2, plan=plan(starts_at=in_days(7)))

    meeting.refresh_from_db()
    assert (meeting.title, meeting.starts_at) == ("Call of June", in_days(-7))


def test_cancelled_with_a_reason_that_all_are_told(club):
    meeting = a_meeting(club.group)
    with pytest.raises(ValidationError) as error:
        services.meeting_cancel(club.ada, meeting=meeting, reason="  ")
    assert set(error.value.message_dict) == {"reason"}

    services.meeting_cancel(club.ada, meeting=meeting, reason="Too few can come.")
    services.meeting_cancel(club.otto, meeting=meeting, reason="Again.")

    meeting.refresh_from_db()
    assert (meeting.cancelled_by, meeting.cancelled_because, meeting.sequence) == (club.ada, "Too few can come.", 1)
    assert told("meeting.cancelled") == ["Gus Guest", "Otto Other", "Sam Staff"]
    assert Notification.objects.filter(kind="meeting.cancelled").first().payload["reason"] == "Too few can come."
    with pytest.raises(ValidationError):
        services.meeting_update(club.ada, meeting=meeting, version=2, plan=plan())
    with pytest.raises(ValidationError):
        services.meeting_cancel(club.ada, meeting=a_meeting(club.group, starts_at=in_days(-3)), reason="Late.")


def test_minutes_are_written_once_it_has_begun_and_leave_a_trace(club):
    meeting = a_meeting(club.group, starts_at=in_days(-7))
    with pytest.raises(ValidationError):
        services.minutes_write(club.ada, meeting=a_meeting(club.group), version=0, text="We met.", language="en")
    with pytest.raises(ValidationError):
        services.minutes_write(club.ada, meeting=meeting, version=0, text=" ", language="en")

    services.minutes_write(club.ada, meeting=meeting, version=0, text="We met.", language="en")
    with pytest.raises(Overtaken):
        services.minutes_write(club.otto, meeting=meeting, version=0, text="They met.", language="en")
    services.minutes_write(club.otto, meeting=meeting, version=1, text="We met, all of us.", language="fr")
    services.minutes_write(club.otto, meeting=meeting, version=2, text="We met, all of us.", language="fr")

    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.minutes_language, meeting.minutes_by) == ("We met, all of us.", "fr", club.otto)
    assert [(step.kind, step.by) for step in meeting.changes.all()] == [("minutes", club.otto), ("minutes", club.ada)]
    assert meeting.sequence == 0  # other calendars need not learn of it


def test_who_wants_to_hear_nothing_or_has_left_is_told_nothing(club):
    scope_level_set(club.sam, scope=club.group.scope, level=Level.NOTHING)
    groups.participation_end(club.otto, participation=club.place["otto"])

    services.meeting_plan(club.ada, workspace=club.group, plan=plan())

    assert told("meeting.planned") == ["Gus Guest"]
