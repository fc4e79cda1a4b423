"""Reminders a day and an hour before: once each, at the right time, and never to who has left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from portal.notifications.models import MailSettings, Notification
from portal.notifications.services import digest_make
from tests.factories.meetings import meeting as a_meeting
from tests.jobs import run_jobs
from workspaces.calendar import services
from workspaces.calendar.models import Meeting
from workspaces.groups import services as groups

BEGIN = datetime(2028, 6, 10, 16, tzinfo=UTC)
EVERYBODY = ["Ada Ministrator", "Gus Guest", "Otto Other", "Sam Staff"]


def before(**span):
    return BEGIN - timedelta(**span)


def told(kind):
    return sorted(Notification.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_a_day_and_an_hour_before_once_each(club):
    a_meeting(club.group, starts_at=BEGIN)

    sent = [
        services.reminders_send(now)
        for now in (
            before(hours=24, minutes=1), before(hours=24), before(hours=23, minutes=55), before(hours=1, minutes=1),
            before(hours=1), before(minutes=55), BEGIN, BEGIN + timedelta(minutes=5),
        )
    ]  # fmt: skip

    assert sent == [0, 1, 0, 0, 1, 0, 0, 0]
    assert (told("meeting.tomorrow"), told("meeting.soon")) == (EVERYBODY, EVERYBODY)


def test_a_day_is_24_hours_also_when_clocks_change(club):
    """On 26 March 2028 clocks in Paris are put forward: 10:00 that day is 23 hours after 10:00 of the day before."""
    begin = datetime(2028, 3, 26, 8, tzinfo=UTC)
    a_meeting(club.group, starts_at=begin, zone="Europe/Paris")

    assert services.reminders_send(datetime(2028, 3, 25, 7, 55, tzinfo=UTC)) == 0
    assert services.reminders_send(datetime(2028, 3, 25, 8, tzinfo=UTC)) == 1


def test_a_worker_that_was_away_reminds_late_but_not_of_what_has_begun(club):
    a_meeting(club.group, "Late", starts_at=BEGIN)
    assert services.reminders_send(before(hours=3)) == 1
    assert services.reminders_send(before(minutes=1)) == 1
    a_meeting(club.group, "Too late", starts_at=BEGIN)
    assert services.reminders_send(BEGIN) == 0


@pytest.mark.parametrize(("told_before", "sent"), [({"hours": 25}, 1), ({"hours": 23}, 0)])
def test_what_was_only_just_announced_is_not_said_again(told_before, sent, club):
    a_meeting(club.group, starts_at=BEGIN, told_at=before(**told_before))

    assert services.reminders_send(before(hours=22)) == sent
    assert services.reminders_send(before(minutes=30)) == 1


def test_of_another_time_everybody_is_reminded_anew(club):
    meeting = a_meeting(club.group, starts_at=BEGIN)
    services.reminders_send(before(hours=20))
    later = BEGIN + timedelta(days=3)
    services.meeting_update(
        club.ada,
        meeting=meeting,
        version=1,
        plan=services.Plan(title="Call", starts_at=later, ends_at=later + timedelta(hours=1), zone="UTC"),
    )

    assert services.reminders_send(before(hours=19)) == 0
    assert services.reminders_send(later - timedelta(hours=24)) == 1
    assert len(told("meeting.tomorrow")) == 8


def test_neither_of_what_is_cancelled_nor_in_an_archive(club):
    services.meeting_cancel(club.ada, meeting=a_meeting(club.group, starts_at=BEGIN), reason="No.")
    assert services.reminders_send(before(hours=20)) == 0
    a_meeting(club.group, starts_at=BEGIN)
    groups.workspace_dissolve(club.ada, workspace=club.group, note="Done.")

    assert services.reminders_send(before(hours=20)) == 0


def test_never_to_who_has_left(club):
    a_meeting(club.group, starts_at=BEGIN)
    groups.participation_end(club.otto, participation=club.place["otto"])
    club.sam.affiliations.update(until=timezone.now())

    services.reminders_send(before(hours=20))

    assert told("meeting.tomorrow") == ["Ada Ministrator", "Gus Guest"]


def test_a_reminder_says_when_by_the_clock_of_its_reader(club, client):
    a_meeting(club.group, starts_at=BEGIN)
    services.reminders_send(before(hours=20))
    type(club.otto).objects.filter(pk=club.otto.pk).update(time_zone="Africa/Cairo")
    client.force_login(club.otto)

    assert "Safety of journalists meets on Sat 10 June 2028, 19:00 UTC+3: Monthly call" in client.get(
        "/notifications/"
    ).text.replace("&nbsp;", " ")


def test_the_clock_runs_it(club):
    assert app.periodic_registry.periodic_tasks[("group_calendar.remind", "")].cron == "*/5 * * * *"
    a_meeting(club.group)
    app.tasks["group_calendar.remind"](timestamp=0)

    assert Meeting.objects.get().reminded_a_day_before is None


@pytest.mark.parametrize("pace", ["at-once", "daily"])
def test_and_so_do_mails_each_alone_and_in_a_digest(pace, club, mailoutbox):
    type(club.otto).objects.filter(pk=club.otto.pk).update(time_zone="Africa/Cairo")
    if pace == "daily":
        MailSettings.objects.create(person=club.otto, pace=MailSettings.Pace.DAILY)
    a_meeting(club.group, starts_at=BEGIN)
    services.reminders_send(before(hours=20))
    if pace == "daily":
        digest_make(club.otto.pk, slot=timezone.now() + timedelta(minutes=1))
    run_jobs()

    (body,) = [mail.body for mail in mailoutbox if mail.to == [club.otto.email]]
    assert "meets on Sat 10 June 2028, 19:00 UTC+3: Monthly call" in " ".join(body.split())
