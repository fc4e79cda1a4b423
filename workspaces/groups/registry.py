"""What lives in groups announces itself here: chat, files, tasks, a calendar, later a forum.

Groups know none of them. The page of a group, its tabs, the list of groups and the Secretariat's overview are made of
these announcements, which each sibling makes in its `wiring.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

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

    - `unread(reader, workspaces)`: those of its things that are new to the reader in the groups with these ids, each
      with `of_workspace`, the id of its group. They are counted, never loaded, and together with those of other
      sections on every page: what `places_of(reader)` knows is not joined again.
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
    unread: Callable[[User, Collection[int]], QuerySet[Any]] | None = None
    news: Callable[[User, Workspace, datetime], Sequence[News]] | None = None
    side_template: str = ""
    side: Callable[[User, Workspace], Mapping[str, Any] | None] | None = None
    activity: Callable[[Sequence[int], datetime], Mapping[int, int]] | None = None


sections: Register[Section] = Register("section of a group")


@dataclass(frozen=True, kw_only=True)
class Attachments:
    """Whoever keeps what is put beside a message; at most one app announces it.

    `store(actor, workspace, acting_for, upload, description="")` keeps an upload in the group, in the caller's
    transaction, and returns its number there and what it is called. It checks what it is; that `actor` may write in
    the group, and speak for `acting_for` (None: for themselves), it checks too. It raises `Refused` and
    `ValidationError`, whose sentence the person is told.

    `render(reader, workspace, numbers, language)` gives the HTML that shows each of the things with these numbers, by
    number, those left out that are gone. `reader` may read in the group: the caller asked. None: made for all who may,
    and nothing in it is about one of them. One query for all.
    """

    name: str
    store: Callable[..., tuple[int, str]]
    render: Callable[[User | None, Workspace, Sequence[int], str], Mapping[int, str]]


attachments: Register[Attachments] = Register("keeper of attachments")


@dataclass(frozen=True, kw_only=True)
class MessageAction:
    """Something that can be made of what somebody wrote in a group, in one step: a task, for one.

    Whatever shows messages (chat, later a forum) offers it with each of them, to whoever may write in the group: a form
    with one button, `label` and `icon`, that sends by POST to `url(workspace)`:

    - `text`: what the message says, as plain text;
    - `language`: the code of its language, where it is known;
    - `source`: the message's own address below the page of the group, such as "chat/7/#message-12". Without the group
      in it, so that it still leads there when the group's address has changed.
    """

    name: str
    label: Text
    icon: str
    url: Callable[[Workspace], str]
    order: int = 50


message_actions: Register[MessageAction] = Register("thing to make of a message")
