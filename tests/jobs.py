"""Running queued jobs inside a test: the real task functions, on the test's own connection and in its transaction."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


@dataclass(frozen=True)
class Queued:
    """One job that waits, as it would be read in the database."""

    pk: int
    name: str
    arguments: dict[str, Any]


def queued_jobs(name: str | None = None) -> list[Queued]:
    """The jobs that wait, oldest first; those of one task where `name` is given."""
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    if name is not None:
        jobs = jobs.filter(task_name=name)
    return [Queued(job.pk, job.task_name, job.args) for job in jobs]


def run_jobs(name: str | None = None) -> list[str]:
    """Run the jobs that wait, and those that they queue, until none is left. Returns the names of their tasks.

    What a job raises is raised here; the job then waits on, as it would for its next attempt.
    """
    done: list[str] = []
    while jobs := queued_jobs(name):
        for job in jobs:
            app.tasks[job.name](**job.arguments)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [job.pk])
            done.append(job.name)
    return done
