"""What every change of a meeting shares: the lock before it, its trace, and who hears of it after.

Order of locks in one transaction: the workspace's row, then its counts, then inboxes, then the group's live topic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.live.services import publish
from portal.notifications.services import notify
from portal.search.services import reindex
from workspaces.calendar import policies
from workspaces.calendar.models import Meeting, MeetingChange
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import people_in, taking_part_for
from workspaces.groups.services import happened
from workspaces.groups.services.effects import lock

SOURCE: Final = "meeting"


def writing(actor: User, workspace: Workspace) -> Workspace:
    """The group, locked, if `actor` may write in it now. Raises Refused."""
    held = lock(workspace, actor)
    if not policies.can_write(actor, held):
        raise Refused(_("Only those who take part in this group can change its calendar."))
    return held


def held_meeting(workspace: Workspace, meeting: Meeting) -> Meeting:
    """The meeting as it is now, under the group's lock, which all who change meetings wait for."""
    fresh = Meeting.objects.get(pk=meeting.pk)
    fresh.workspace = workspace
    return fresh


def trace(actor: User, meeting: Meeting, kind: MeetingChange.Kind, **more: Any) -> None:
    """Note who did what, on the meeting's page and in the record."""
    organisation = taking_part_for(actor, meeting.workspace)
    MeetingChange.objects.create(
        meeting=meeting, kind=kind, by=actor, by_for=organisation, began_at=more.get("began_at")
    )
    record(
        actor,
        verb=f"meeting.{kind.value}",
        target=meeting,
        acting_for=organisation,
        details=more.get("details"),
        why=more.get("why", ""),
    )


def tell(meeting: Meeting, kind: str, *, but: User | None = None, payload: Mapping[str, Any] | None = None) -> None:
    """Notify whoever takes part, but for one. The moment is stored as such: each reader sees it in their own zone."""
    people = [person for person in people_in(meeting.workspace) if person != but]
    said = {
        "group": meeting.workspace.name,
        "title": meeting.title,
        "starts": meeting.starts_at.isoformat(),
        **(payload or {}),
    }
    notify(people, kind=kind, payload=said, url=meeting.get_absolute_url(), scope=meeting.workspace.scope)


def announce(meeting: Meeting) -> None:
    """Tell open pages of the group, and bring the search up to date."""
    happened(meeting.workspace)
    publish(meeting.workspace.topic, kind="group.calendar")
    reindex(SOURCE, [meeting.pk])
