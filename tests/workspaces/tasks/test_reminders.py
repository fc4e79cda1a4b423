"""Reminders come at 8:00 of whoever is reminded, once each, and never to who has left."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from portal.notifications.models import Notification
from tests.factories.tasks import task as a_task
from workspaces.groups import services as groups
from workspaces.tasks import services
from workspaces.tasks.models import Task

DUE = date(2027, 6, 10)


def at(day, hour, minute=0):
    return datetime(2027, 6, day, hour, minute, tzinfo=UTC)


def lives_in(person, zone):
    type(person).objects.filter(pk=person.pk).update(time_zone=zone)


def kinds(person):
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("zone", "before", "moment"),
    [
        ("UTC", at(9, 7, 59), at(9, 8)),
        ("Europe/Paris", at(9, 5, 59), at(9, 6)),
        ("Asia/Kathmandu", at(9, 2, 14), at(9, 2, 15)),
        ("America/Los_Angeles", at(9, 14, 59), at(9, 15)),
        ("Pacific/Kiritimati", at(8, 17, 59), at(8, 18)),
        ("Pacific/Pago_Pago", at(9, 18, 59), at(9, 19)),
    ],
)
def test_the_day_before_and_on_the_day_at_eight_where_they_are(zone, before, moment, club):
    lives_in(club.otto, zone)
    a_task(club.group, of=club.place["otto"], due_on=DUE)
    day = timedelta(days=1)

    assert services.reminders_send(before) == 0
    assert services.reminders_send(moment) == 1
    assert services.reminders_send(moment) == 0
    assert services.reminders_send(before + day) == 0
    assert services.reminders_send(moment + day) == 1
    assert services.reminders_send(moment + day) == 0
    assert services.reminders_send(moment + 2 * day) == 0
    assert kinds(club.otto) == ["task.due_tomorrow", "task.due_today"]
    payload = Notification.objects.filter(person=club.otto).first().payload
    assert payload == {"group": "Safety of journalists", "title": "Write the letter", "due": "2027-06-10"}


def test_eight_is_eight_also_when_the_clocks_change(club):
    """On 28 March 2027 clocks in Paris are put forward: 8:00 is 7:00 UTC the day before and 6:00 UTC on the day."""
    lives_in(club.otto, "Europe/Paris")
    a_task(club.group, of=club.place["otto"], due_on=date(2027, 3, 28))

    def sent(*when):
        return services.reminders_send(datetime(2027, 3, *when, tzinfo=UTC))

    assert [sent(27, 6, 45), sent(27, 7), sent(28, 5, 45), sent(28, 6)] == [0, 1, 0, 1]


def test_a_worker_that_was_away_reminds_late_but_not_after_the_day(club):
    a_task(club.group, of=club.place["otto"], due_on=DUE)

    assert services.reminders_send(at(10, 23)) == 1
    assert kinds(club.otto) == ["task.due_today"]
    a_task(club.group, of=club.place["sam"], due_on=DUE)
    assert services.reminders_send(at(11, 0, 30)) == 0
    assert services.reminders_send(at(11, 9)) == 0
    assert kinds(club.sam) == []


def test_never_to_who_has_left_or_whose_affiliation_ended(club):
    a_task(club.group, of=club.place["otto"], due_on=DUE)
    a_task(club.group, of=club.place["sam"], due_on=DUE)
    groups.participation_end(club.otto, participation=club.place["otto"])
    club.sam.affiliations.update(until=timezone.now())

    assert services.reminders_send(at(9, 12)) == 0
    assert (kinds(club.otto), kinds(club.sam)) == ([], [])


def test_nor_of_what_is_done_nor_in_an_archive(club):
    a_task(club.group, of=club.place["otto"], due_on=DUE, state="done")
    a_task(club.group, of=club.place["sam"], due_on=DUE)
    groups.workspace_dissolve(club.ada, workspace=club.group, note="Done.")

    assert services.reminders_send(at(9, 12)) == 0


def test_whoever_gets_it_later_or_another_day_is_reminded_anew(club):
    task = a_task(club.group, of=club.place["otto"], due_on=DUE)
    services.reminders_send(at(10, 12))

    services.task_assign(club.ada, task=task, assignee=club.place["sam"])
    Task.objects.filter(pk=task.pk).update(reminded=Task.Reminded.NOT_YET)  # it is given before the day of this test

    assert services.reminders_send(at(10, 12)) == 1
    assert kinds(club.sam) == ["task.assigned", "task.due_today"]


def test_who_is_given_a_task_on_its_day_is_told_once(club):
    today = timezone.now().date()
    task = services.task_create(club.ada, workspace=club.group, title="Call", due_on=today, assignee=club.place["otto"])
    noon = datetime.combine(today, datetime.min.time(), tzinfo=UTC) + timedelta(hours=12)

    # Before eight it is still to come, afterwards the assignment has said it.
    expected = 1 if task.reminded < Task.Reminded.ON_THE_DAY else 0

    assert services.reminders_send(noon) == expected


def test_the_clock_runs_it(club):
    assert app.periodic_registry.periodic_tasks[("group_tasks.remind", "")].cron == "1-59/15 * * * *"
    a_task(club.group, of=club.place["otto"], due_on=timezone.now().date() - timedelta(days=9))
    app.tasks["group_tasks.remind"](timestamp=0)
    app.tasks["group_tasks.free"](timestamp=0)

    assert kinds(club.otto) == []
