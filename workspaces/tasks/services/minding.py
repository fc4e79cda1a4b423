"""What the clock does with tasks: reminding whoever has one, and freeing those of people who lost their place."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from portal.audit.services import record
from portal.live.services import publish
from portal.ui.zones import zone_named
from workspaces.groups.models import Workspace
from workspaces.groups.services.effects import lock
from workspaces.tasks.models import Task
from workspaces.tasks.selectors.listing import held
from workspaces.tasks.services.effects import stage, tell

KINDS = {Task.Reminded.THE_DAY_BEFORE: "task.due_tomorrow", Task.Reminded.ON_THE_DAY: "task.due_today"}


def reminders_send(now: datetime) -> int:
    """Remind whoever has a task that is due: the day before and on the day, from 8:00 on by the clock where they are.

    Each in a transaction of its own that notes it in the task: run twice, or by two workers, it reminds once. Who lost
    their place is not reminded, nor anybody of a task in a group that is dissolved. A reminder that nobody could send
    on its day is left out. Returns how many were sent. `now` is timezone-aware.
    """
    # Somewhere it is already tomorrow, and somewhere still yesterday.
    days = (now.date() - timedelta(days=1), now.date() + timedelta(days=2))
    waiting = Task.objects.filter(held(), state=Task.State.OPEN, due_on__range=days, assignee__isnull=False)
    waiting = waiting.filter(workspace__state=Workspace.State.ACTIVE, reminded__lt=Task.Reminded.ON_THE_DAY)
    return sum(_remind(pk, now) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    workspace = lock(Workspace.objects.get(tasks=pk))
    task = Task.objects.filter(held(), pk=pk, state=Task.State.OPEN).select_related("assignee").first()
    if task is None or task.assignee is None or task.due_on is None or not workspace.is_active:
        return False
    reached = stage(task.assignee, task.due_on, now)
    if reached <= task.reminded:
        return False
    Task.objects.filter(pk=pk).update(reminded=reached)
    if now.astimezone(zone_named(task.assignee.time_zone)).date() > task.due_on:
        return False
    task.workspace = workspace
    payload = {"group": workspace.name, "title": task.title, "due": task.due_on.isoformat()}
    tell(task.assignee, task, KINDS[reached], payload)
    return True


def tasks_free() -> int:
    """Free the open tasks of people who lost their place in the group, and show whose they were. Returns how many.

    They had them no more from the moment they lost it; this notes it, so that a later place does not bring them back.
    """
    lost = Task.objects.filter(~held(), state=Task.State.OPEN, assignee__isnull=False)
    freed = 0
    for workspace in Workspace.objects.filter(tasks__in=lost).distinct().order_by("pk"):
        with transaction.atomic():
            workspace = lock(workspace)
            rows = list(lost.filter(workspace=workspace).order_by("pk"))
            for task in rows:
                gone = {
                    "freed_from": F("assignee"),
                    "assignee": None,
                    "assignee_for": None,
                    "version": F("version") + 1,
                }
                Task.objects.filter(pk=task.pk).update(**gone, reminded=Task.Reminded.NOT_YET)
                record(None, verb="task.freed", target=task)
            if rows:
                publish(workspace.topic, kind="group.tasks")
        freed += len(rows)
    return freed
