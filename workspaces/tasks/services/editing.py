"""What a task says, and who has it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import current_participations, taking_part_for
from workspaces.groups.services import Overtaken, next_number
from workspaces.tasks.models import LONGEST_TITLE, Task
from workspaces.tasks.services.effects import (
    announce,
    begin_anew,
    give,
    held_task,
    tell_assignee,
    writing,
)

_SOURCE: Final = re.compile(r"[a-z][a-z0-9-]*/(?:[a-z0-9-]+/)*(?:#[a-z0-9-]+)?")
"""An address below a group's page, and nothing that could lead elsewhere."""


@transaction.atomic
def task_create(
    actor: User,
    *,
    workspace: Workspace,
    title: str,
    note: str = "",
    language: str = "",
    due_on: date | None = None,
    assignee: Participation | None = None,
    source: str = "",
) -> Task:
    """Make a task; whoever has it from the beginning is told. `source`: see `Task.source`; "" for what is none.

    Raises Refused, ValidationError by field.
    """
    workspace = writing(actor, workspace)
    organisation = taking_part_for(actor, workspace)
    task = Task(
        workspace=workspace,
        title=_title(title),
        note=note.strip(),
        language=_language(workspace, language),
        due_on=due_on,
        source=source if len(source) <= 200 and _SOURCE.fullmatch(source) else "",
        created_by=actor,
        created_for=organisation,
        state_by=actor,
        state_for=organisation,
    )
    if assignee is not None:
        give(task, *_taking_part(workspace, assignee))
    task.number = next_number(workspace, "task")
    task.save()
    record(actor, verb="task.created", target=task, acting_for=organisation)
    tell_assignee(actor, task)
    announce(task)
    return task


def task_from_message(actor: User, *, workspace: Workspace, text: str, language: str, source: str) -> Task:
    """Make a task of what somebody wrote: its first line says what is to be done, the whole is the note where it is
    longer. Raises Refused, ValidationError where there is no text."""
    words = text.strip()
    first = " ".join(words.partition("\n")[0].split())
    title = Truncator(first).chars(LONGEST_TITLE)
    note = Truncator(words).chars(4000) if words != title else ""
    return task_create(actor, workspace=workspace, title=title, note=note, language=language, source=source)


@transaction.atomic
def task_update(
    actor: User,
    *,
    task: Task,
    version: int,
    title: str,
    note: str,
    language: str,
    due_on: date | None,
    assignee: Participation | None,
) -> Task:
    """Change what a task says and who has it. `version` is that of the page on which it was changed.

    Raises Refused, Overtaken, ValidationError by field.
    """
    workspace = writing(actor, task.workspace)
    task = held_task(workspace, task)
    if version != task.version:
        raise Overtaken
    had, fields = task.assignee_id, ("title", "note", "language", "due_on", "assignee_id", "assignee_for_id")
    before: dict[str, Any] = {field: getattr(task, field) for field in fields}
    task.title, task.note, task.language = _title(title), note.strip(), _language(workspace, language)
    task.due_on = due_on
    person, seat = _taking_part(workspace, assignee) if assignee is not None else (None, None)
    if (person.pk if person else None) != had:
        give(task, person, seat)
    elif due_on != before["due_on"]:
        begin_anew(task)
    changed = sorted(field.removesuffix("_id") for field, value in before.items() if getattr(task, field) != value)
    if not changed:
        return task
    task.version += 1
    task.save()
    organisation = taking_part_for(actor, workspace)
    record(actor, verb="task.updated", target=task, acting_for=organisation, details={"fields": changed})
    if task.assignee_id != had:
        tell_assignee(actor, task)
    announce(task)
    return task


@transaction.atomic
def task_assign(actor: User, *, task: Task, assignee: Participation | None) -> Task:
    """Give a task to a participant, or take it from whoever has it (None). As it is already: unchanged.

    Raises Refused, ValidationError.
    """
    workspace = writing(actor, task.workspace)
    task = held_task(workspace, task)
    person, organisation = _taking_part(workspace, assignee) if assignee is not None else (None, None)
    if (person.pk if person else None) == task.assignee_id and task.freed_from_id is None:
        return task
    give(task, person, organisation)
    task.version += 1
    task.save()
    record(actor, verb="task.assigned", target=task, acting_for=taking_part_for(actor, workspace))
    tell_assignee(actor, task)
    announce(task)
    return task


def _taking_part(workspace: Workspace, place: Participation) -> tuple[User, Organisation | None]:
    """Whose place that is, and for which organisation they have it. Raises ValidationError where it has ended."""
    there = current_participations().filter(workspace_id=workspace.pk, pk=place.pk)
    found = there.select_related("person", "organisation").first()
    if found is None:
        raise ValidationError({"assignee": _("This person does not take part any more. Choose somebody else.")})
    return found.person, found.organisation


def _title(title: str) -> str:
    said = " ".join(title.split())
    if not said:
        raise ValidationError({"title": _("Say what is to be done.")})
    if len(said) > LONGEST_TITLE:
        raise ValidationError({"title": _("Say it shorter, and write the rest into the note.")})
    return said


def _language(workspace: Workspace, language: str) -> str:
    """The language of the task's words; the group's first where none of the portal's is given."""
    first: str = workspace.languages[0] if workspace.languages else "en"
    return language if language in Workspace.LANGUAGES else first
