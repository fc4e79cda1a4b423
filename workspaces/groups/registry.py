"""What lives in groups announces itself here: chat, files, tasks, a calendar, later a forum.

Groups know none of them. The page of a group, its tabs, the list of groups and the Secretariat's overview are made of
these announcements, which each sibling makes in its `wiring.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.registry import Register, Text

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.registry import News
    from workspaces.groups.models import Workspace


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of every group.

    `url(workspace)` is its page; `label` and `icon` make its tab. Everything else is asked only for a reader who may
    read in the group:

    - `unread(reader, workspace_ids)`: how many of its things are new to the reader, by workspace id, those without any
      left out; one query for all of them.
    - `news(reader, workspace, since)`: what is new since the last visit, newest first, a handful of lines.
    - `side(reader, workspace)`: the context of `side_template` on the group's page; None leaves it out.
    - `activity(workspace_ids, since)`: how much happened in it, by workspace id, as a bare number: for the overview of
      the Secretariat, which learns how much is said and never what.
    """

    name: str
    label: Text
    icon: str
    url: Callable[[Workspace], str]
    order: int = 50
    unread: Callable[[User, Sequence[int]], Mapping[int, int]] | None = None
    news: Callable[[User, Workspace, datetime], Sequence[News]] | None = None
    side_template: str = ""
    side: Callable[[User, Workspace], Mapping[str, Any] | None] | None = None
    activity: Callable[[Sequence[int], datetime], Mapping[int, int]] | None = None


sections: Register[Section] = Register("section of a group")
