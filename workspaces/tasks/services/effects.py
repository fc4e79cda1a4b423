"""What every change of a task shares: the lock before it, and who hears of it after.

Order of locks in one transaction: the workspace's row, then its counts, then inboxes, then the group's live topic.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.live.services import publish
from portal.notifications.services import notify
from portal.search.services import reindex
from portal.ui.zones import zone_named
from workspaces.groups.models import Workspace
from workspaces.groups.services import happened
from workspaces.groups.services.effects import lock
from workspaces.tasks import policies
from workspaces.tasks.models import Task

SOURCE: Final = "task"
HOUR: Final = 8
"""Reminders leave at this hour of whoever is reminded."""


def writing(actor: User, workspace: Workspace) -> Workspace:
    """The group, locked, if `actor` may write in it now. Raises Refused."""
    held = lock(workspace, actor)
    if not policies.can_write(actor, held):
        raise Refused(_("Only those who take part in this group can change its tasks."))
    return held


def held_task(workspace: Workspace, task: Task) -> Task:
    """The task as it is now, under the group's lock, which all who change tasks wait for."""
    fresh = Task.objects.select_related("assignee", "assignee_for").get(pk=task.pk)
    fresh.workspace = workspace
    return fresh


def stage(person: User, due_on: date | None, now: datetime) -> Task.Reminded:
    """Which reminder of a due date is due or past for `person` at `now` (timezone-aware), by the clock where they are.

    Of a day that is over no reminder is due any more, and the last one counts as past.
    """
    if due_on is None:
        return Task.Reminded.NOT_YET
    here = now.astimezone(zone_named(person.time_zone))
    reached = here.date() if here.hour >= HOUR else here.date() - timedelta(days=1)
    if reached >= due_on:
        return Task.Reminded.ON_THE_DAY
    return Task.Reminded.THE_DAY_BEFORE if reached == due_on - timedelta(days=1) else Task.Reminded.NOT_YET


def give(task: Task, person: User | None, organisation: Organisation | None) -> None:
    """Let `person` have the task for `organisation`; not saved yet. What they are reminded of begins anew."""
    task.assignee, task.assignee_for, task.freed_from = person, organisation, None
    begin_anew(task)


def begin_anew(task: Task) -> None:
    """Whoever has the task now is told of it as it is now: reminders that would say the same again are left out."""
    assignee = task.assignee
    task.reminded = stage(assignee, task.due_on, timezone.now()) if assignee is not None else Task.Reminded.NOT_YET


def tell_assignee(actor: User, task: Task) -> None:
    """Tell whoever was given the task, unless they took it themselves."""
    if task.assignee is not None and task.assignee_id != actor.pk:
        payload = {"by": actor.name, "group": task.workspace.name, "title": task.title}
        tell(task.assignee, task, "task.assigned", payload)


def tell(person: User, task: Task, kind: str, payload: dict[str, str]) -> None:
    """Notify one person from the group; who left it is not told."""
    notify([person], kind=kind, payload=payload, url=task.get_absolute_url(), scope=task.workspace.scope)


def announce(task: Task) -> None:
    """Tell open pages of the group, and bring the search up to date."""
    happened(task.workspace)
    publish(task.workspace.topic, kind="group.tasks")
    reindex(SOURCE, [task.pk])
