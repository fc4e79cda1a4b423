"""Tasks for tests, as the services would have left them."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import User
from portal.search.services import reindex
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.services.numbering import next_number
from workspaces.tasks.models import Task


def task(
    workspace: Workspace, title: str = "Write the letter", *, of: Participation | None = None, **fields: Any
) -> Task:
    """An open task of the group; `of` is the place of whoever has it, `fields` say what else is different."""
    by: User | None = fields.pop("created_by", None)
    made = Task.objects.create(
        workspace=workspace,
        number=next_number(workspace, "task"),
        title=title,
        **{
            "language": "en",
            "assignee": of.person if of is not None else None,
            "assignee_for": of.organisation if of is not None else None,
            "created_by": by,
            "state_by": by,
            **fields,
        },
    )
    reindex("task", [made.pk])
    return made
