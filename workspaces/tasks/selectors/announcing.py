"""What tasks show elsewhere: on the home page, on the page of their group, in the Secretariat's overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.registry import Need, News
from portal.ui.formats import day
from workspaces.groups.models import Workspace
from workspaces.tasks.models import Task
from workspaces.tasks.selectors.listing import held, lines, with_people

_SOON: Final = timedelta(days=3)
_NEWS: Final = 5
_BESIDE: Final = 4


def needs(request: HttpRequest) -> Sequence[Need]:
    """The reader's own tasks that are due within three days or overdue, in groups that are at work; one query."""
    reader = request.user
    if not isinstance(reader, User) or not reader.is_active:
        return []
    until = timezone.localdate() + _SOON
    own = Task.objects.filter(held(), assignee_id=reader.pk, state=Task.State.OPEN, due_on__lte=until)
    own = own.filter(workspace__state=Workspace.State.ACTIVE).select_related("workspace")
    return [_need(task) for task in own.order_by("due_on", "pk")]


def _need(task: Task) -> Need:
    due = task.due_on or timezone.localdate()
    said = {"group": task.workspace.name, "day": day(due, "short")}
    overdue = due < timezone.localdate()
    return Need(
        kind=_("Task"),
        icon="check",
        title=task.title,
        sentence=_("%(group)s. It was due on %(day)s.") % said if overdue else _("%(group)s.") % said,
        action=_("Open the task"),
        url=task.get_absolute_url(),
        # The last moment of the day where the reader is.
        deadline=datetime.combine(due, time(23, 59, 59), tzinfo=timezone.get_current_timezone()),
    )


def news(reader: User, workspace: Workspace, since: datetime) -> Sequence[News]:
    """Tasks that were made or ended since then; one query."""
    rows = Task.objects.filter(workspace=workspace).filter(Q(created_at__gt=since) | Q(state_at__gt=since))
    return [
        News(
            title=task.title,
            detail=_became(task),
            url=task.get_absolute_url(),
            at=task.state_at,
            lang=task.language,
        )
        for task in rows.select_related("workspace").order_by("-state_at", "-pk")[:_NEWS]
    ]


def _became(task: Task) -> str:
    if task.state == Task.State.DONE:
        return _("Task done")
    return _("New task") if task.is_open else _("Task dropped")


def side(reader: User, workspace: Workspace) -> Mapping[str, Any] | None:
    """The open tasks that are due next; None where there are none."""
    waiting = Task.objects.filter(workspace=workspace, state=Task.State.OPEN)
    first = list(with_people(waiting.order_by(F("due_on").asc(nulls_last=True), "number"))[:_BESIDE])
    return {"lines": lines(reader, workspace, first), "workspace": workspace} if first else None


def activity(workspace_ids: Sequence[int], since: datetime) -> Mapping[int, int]:
    """How many tasks were made or ended since then, by group; one query."""
    rows = Task.objects.filter(workspace__in=workspace_ids, state_at__gt=since).order_by()
    return dict(rows.values_list("workspace").annotate(Count("pk")))
