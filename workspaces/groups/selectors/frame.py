"""What the head of every page in a group shows: its name, its tabs, and what the reader is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.accounts.models import User
from portal.live.selectors import head
from portal.registry import Text
from workspaces.groups import policies
from workspaces.groups.models import Workspace
from workspaces.groups.registry import sections


@dataclass(frozen=True)
class Tab:
    """One link between the pages of a group."""

    name: str
    label: Text
    icon: str
    url: str
    current: bool
    unread: int


def group_frame(reader: User, workspace: Workspace, *, current: str = "") -> dict[str, Any]:
    """The context that `workspaces/groups/_group_head.html` needs, for the page of the section called `current`.

    `may_read`, `may_write` and `may_keep` say what the reader may do in the group; `place` is their place, or None.
    Costs one query for each section that counts what is new, one for the live number and one for the organisations
    for which the reader may speak.
    """
    place = policies.place(reader, workspace)
    may_read = policies.can_read(reader, workspace)
    may_write = policies.can_take_part(reader, workspace)
    return {
        "workspace": workspace,
        "place": place,
        "may_read": may_read,
        "may_write": may_write,
        "may_keep": policies.can_facilitate(reader, workspace),
        "tabs": _tabs(reader, workspace, current) if may_read else [],
        "group_number": head(workspace.topic),
    }


def _tabs(reader: User, workspace: Workspace, current: str) -> list[Tab]:
    return [
        Tab(
            name=section.name,
            label=section.label,
            icon=section.icon,
            url=section.url(workspace),
            current=section.name == current,
            unread=(section.unread(reader, [workspace.pk]).get(workspace.pk, 0) if section.unread else 0),
        )
        for section in sections
    ]
