"""The states of a task: open ⇄ done, open ⇄ dropped. Every change goes through `_become`."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups.selectors.participation import taking_part_for
from workspaces.tasks.models import Task
from workspaces.tasks.services.effects import announce, begin_anew, held_task, writing


@transaction.atomic
def task_done(actor: User, *, task: Task) -> Task:
    """Say that a task is done, whoever had it. Done already: unchanged. Raises Refused."""
    return _become(actor, task, Task.State.DONE, verb="task.done")


@transaction.atomic
def task_drop(actor: User, *, task: Task) -> Task:
    """Say that a task will not be done. Dropped already: unchanged. Raises Refused."""
    return _become(actor, task, Task.State.DROPPED, verb="task.dropped")


@transaction.atomic
def task_reopen(actor: User, *, task: Task) -> Task:
    """Open a task again, with whoever had it. Open already: unchanged. Raises Refused."""
    return _become(actor, task, Task.State.OPEN, verb="task.reopened")


def _become(actor: User, task: Task, state: Task.State, *, verb: str) -> Task:
    workspace = writing(actor, task.workspace)
    task = held_task(workspace, task)
    if task.state == state:
        return task
    organisation = taking_part_for(actor, workspace)
    task.state, task.state_at, task.state_by, task.state_for = state, timezone.now(), actor, organisation
    begin_anew(task)
    task.version += 1
    task.save()
    record(actor, verb=verb, target=task, acting_for=organisation)
    announce(task)
    return task
