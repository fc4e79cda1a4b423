"""The tasks of a group, and one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.selectors.speakers import Speaker, Speakers
from workspaces.tasks.models import Task

OPEN, MINE, DONE, DROPPED = "open", "mine", "done", "dropped"
VIEWS: Final = (OPEN, MINE, DONE, DROPPED)
_PEOPLE: Final = ("assignee", "freed_from", "state_by", "created_by")
_ORGANISATIONS: Final = ("assignee_for__logo", "state_for__logo", "created_for__logo")


@dataclass(frozen=True)
class Line:
    """A task as one reader may see it. Whoever the reader may not know of is None.

    `free`: nobody has it, also because whoever had it (`lost`) takes part no more. `left` are the days until it is due.
    """

    task: Task
    assignee: Speaker | None
    lost: Speaker | None
    state_by: Speaker | None
    created_by: Speaker | None
    free: bool
    mine: bool
    left: int | None

    @property
    def overdue(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def urgent(self) -> bool:
        """Whether it waits for the reader now: theirs, and due within three days or overdue."""
        return self.mine and self.left is not None and self.left <= 3


def held() -> Exists:
    """Whether the assignee of a task still takes part in its group, so that it is theirs."""
    return Exists(
        current_participations().filter(person_id=OuterRef("assignee_id"), workspace_id=OuterRef("workspace_id"))
    )


def tasks_in(workspace: Workspace, view: str, reader: User) -> QuerySet[Task]:
    """The tasks of one view of the group's list, in its order: open ones by due date, others by when they ended."""
    found = Task.objects.filter(workspace=workspace)
    if view in (DONE, DROPPED):
        return found.filter(state=view).order_by("-state_at", "-number")
    if view == MINE:
        found = found.filter(held(), assignee_id=reader.pk)
    return found.filter(state=Task.State.OPEN).order_by(F("due_on").asc(nulls_last=True), "number")


def counts_in(workspace: Workspace, reader: User) -> dict[str, int]:
    """How many tasks each view holds; one query."""
    mine = Q(state=Task.State.OPEN, assignee_id=reader.pk) & Q(held())
    found: dict[str, int] = Task.objects.filter(workspace=workspace).aggregate(
        open=Count("pk", filter=Q(state=Task.State.OPEN)),
        mine=Count("pk", filter=mine),
        done=Count("pk", filter=Q(state=Task.State.DONE)),
        dropped=Count("pk", filter=Q(state=Task.State.DROPPED)),
    )
    return found


def with_people(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """With all that their lines need."""
    return tasks.select_related("workspace", *_PEOPLE, *_ORGANISATIONS).annotate(held=held())


def lines(reader: User, workspace: Workspace, tasks: Collection[Task], *, on: date | None = None) -> Sequence[Line]:
    """The tasks, read by `with_people`, as lines for `reader`. `on` is what counts as today: the reader's own day."""
    today = on or timezone.localdate()
    speakers = Speakers(reader, workspace, [getattr(task, role) for task in tasks for role in _PEOPLE])
    return [_line(reader, task, speakers, today) for task in tasks]


def _line(reader: User, task: Task, speakers: Speakers, today: date) -> Line:
    is_held = bool(task.held)  # type: ignore[attr-defined]  # an annotation
    had = task.assignee if not is_held else None
    return Line(
        task=task,
        assignee=speakers.of(task.assignee, task.assignee_for) if is_held else None,
        lost=speakers.of(task.freed_from or had, None),
        state_by=speakers.of(task.state_by, task.state_for),
        created_by=speakers.of(task.created_by, task.created_for),
        free=not is_held,
        mine=is_held and task.assignee_id == reader.pk,
        left=(task.due_on - today).days if task.due_on is not None and task.is_open else None,
    )


def task_numbered(workspace: Workspace, number: int) -> Task:
    """The task with that number in the group. Raises Http404."""
    found = with_people(Task.objects.filter(workspace=workspace, number=number)).first()
    if found is None:
        raise Http404
    return found
