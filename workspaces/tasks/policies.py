"""Who may read and who may change the tasks of a group: whoever reads and whoever takes part there.

Everybody who takes part may do everything with a task, and who did what is shown. A group small enough to share its
work needs no rights within it.
"""

from __future__ import annotations

from django.db.models import QuerySet

from memberships.people.policies import Reader
from workspaces.groups import policies as groups
from workspaces.groups.models import Workspace
from workspaces.tasks.models import Task


def can_see(actor: Reader, task: Task) -> bool:
    """Whether `actor` may read the task; half of `visible_to`."""
    return groups.can_read(actor, task.workspace)


def visible_to(actor: Reader) -> QuerySet[Task]:
    """The other half of `can_see`."""
    return Task.objects.filter(workspace__in=groups.readable_by(actor))


def can_write(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may make tasks in the group and change those that are there."""
    return groups.can_take_part(actor, workspace)
