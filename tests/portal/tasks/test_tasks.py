"""Nothing queued is lost with a killed worker; nothing done is kept for ever."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.accounts.tasks import password_reset_mail
from portal.live.models import Event
from portal.live.services import publish
from portal.live.tasks import events_tidy
from portal.tasks.retry import MAIL_RETRY
from portal.tasks.tasks import tidy_jobs
from tests.factories.accounts import person


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def work():
    """What `manage.py procrastinate worker --one-shot` does: the real worker, until nothing waits."""
    async_to_sync(_work)()


async def _work():
    worker_app = app.with_connector(app.connector.get_worker_connector())
    async with worker_app.open_async():
        await worker_app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


def test_events_are_forgotten_after_a_month(db):
    old, young = publish("person:1", kind="changed"), publish("person:1", kind="changed")
    Event.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))

    events_tidy(timestamp=0)

    assert list(Event.objects.all()) == [young]


@pytest.mark.django_db(transaction=True)
def test_the_real_worker_runs_jobs(mailoutbox):
    reader = person()
    password_reset_mail.defer(email=reader.email)

    work()

    assert ProcrastinateJob.objects.get(task_name="accounts.password_reset_mail").status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_is_done_by_another():
    person()
    job_id = password_reset_mail.defer(email="nobody@example.org")
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')")
    execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        " WHERE id = %s",
        job_id,
    )
    app.configure_task("tasks.revive").defer(timestamp=0)

    work()

    job = ProcrastinateJob.objects.get(pk=job_id)
    assert (job.status, job.attempts) == ("succeeded", 2)


@pytest.mark.django_db(transaction=True)
def test_jobs_are_forgotten_when_they_are_old():
    statuses = {}
    for status, hours in (("succeeded", 1), ("succeeded", 30), ("failed", 30), ("failed", 24 * 31)):
        job_id = password_reset_mail.defer(email="nobody@example.org")
        execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", status, job_id)
        execute("UPDATE procrastinate_events SET at = now() - %s * interval '1 hour' WHERE job_id = %s", hours, job_id)
        statuses[job_id] = (status, hours)
    tidy_jobs.defer(timestamp=0)

    work()

    left = ProcrastinateJob.objects.filter(pk__in=statuses)
    assert [statuses[job.pk] for job in left.order_by("pk")] == [("succeeded", 1), ("failed", 30)]


def test_mails_are_tried_for_a_day():
    assert isinstance(MAIL_RETRY, RetryStrategy)
    waits = [MAIL_RETRY.exponential_wait ** (attempt + 1) for attempt in range(MAIL_RETRY.max_attempts)]

    assert waits[0] == 4
    assert timedelta(hours=6) < timedelta(seconds=sum(waits[:-1])) + timedelta(hours=1)
    assert timedelta(days=1) < timedelta(seconds=sum(waits)) < timedelta(days=2)


def test_every_periodic_job_is_known_to_the_clock():
    assert {name for name, _id in app.periodic_registry.periodic_tasks} >= {
        "accounts.sessions_tidy",
        "tasks.revive",
        "live.events_tidy",
        "tasks.tidy_jobs",
    }
