"""Who may read and who may change the meetings of a group: whoever reads and whoever takes part there.

The link to a meeting is for those who take part alone: whoever has it is in the room.
"""

from __future__ import annotations

from django.db.models import QuerySet

from memberships.people.policies import Reader, is_in_network
from workspaces.calendar.models import Meeting
from workspaces.groups import policies as groups
from workspaces.groups.models import Workspace


def can_see(actor: Reader, meeting: Meeting) -> bool:
    """Whether `actor` may read the meeting; half of `visible_to`."""
    return groups.can_read(actor, meeting.workspace)


def visible_to(actor: Reader) -> QuerySet[Meeting]:
    """The other half of `can_see`."""
    return Meeting.objects.filter(workspace__in=groups.readable_by(actor))


def can_write(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may plan meetings in the group, change and cancel them and write their minutes."""
    return groups.can_take_part(actor, workspace)


def can_enter(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may see the links to the group's meetings: who takes part; in the commons everyone there."""
    if groups.place(actor, workspace) is not None:
        return True
    return workspace.kind == Workspace.Kind.COMMONS and is_in_network(actor)
