"""What the page of one group is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from portal.registry import News
from portal.ui.formats import join_words
from portal.ui.names import language_name
from workspaces.groups import policies
from workspaces.groups.models import Approach, StateChange, Workspace
from workspaces.groups.registry import sections
from workspaces.groups.selectors.frame import apart, sentences
from workspaces.groups.selectors.participants import Member, members, organisations_in

_ORGANISATIONS: Final = 12
_NEWS: Final = 8


@dataclass(frozen=True)
class GroupPage:
    """The group as one reader may see it."""

    organisations: Sequence[Organisation]  # the first of them, each with `people_here`
    organisation_count: int
    people_count: int | None  # None where the reader may not know who
    keeping: Sequence[Member]
    alone: Sequence[Member]
    guests: Sequence[Member]
    invitations: Sequence[Approach]  # that the reader may answer
    requests: Sequence[Approach]  # of the reader's own
    changed: StateChange | None  # the latest: of a dissolved group it has the closing note
    since: datetime | None  # the last visit, for whoever takes part
    news: Sequence[News]
    sides: Sequence[tuple[str, Mapping[str, Any]]]
    who: Sequence[str]
    languages: str  # of the group, in words
    invited: str  # of a proposal: who is to be invited, in words
    own: bool  # an organisation for which the reader decides takes part
    may_ask: bool  # there may be somebody for whom the reader could come in: to be asked of the policies

    @property
    def more_organisations(self) -> int:
        """How many organisations are not shown."""
        return self.organisation_count - len(self.organisations)


def group_page(reader: User, workspace: Workspace) -> GroupPage:
    """All that the page shows beside its head; three queries and one of a past state, and those of the sections."""
    organisations = list(organisations_in(reader, workspace))
    sees_people = policies.can_see_participants(reader, workspace)
    people = members(reader, workspace, policies.participants_shown(reader, workspace)) if sees_people else []
    waiting = _approaches(reader, workspace)
    since = _since(reader, workspace)
    count = len(people) if sees_people else None
    deciding = policies.sent_for(reader) if workspace.is_active else []
    return GroupPage(
        organisations=organisations[:_ORGANISATIONS],
        organisation_count=len(organisations),
        people_count=count,
        keeping=[one for one in people if one.facilitates],
        alone=[one for one in people if one.place.organisation_id is None and not one.place.is_guest],
        guests=[one for one in people if one.place.is_guest],
        invitations=[one for one in waiting if one.side == Approach.Side.INVITED],
        requests=[one for one in waiting if one.side == Approach.Side.ASKED],
        changed=_changed(workspace),
        since=since,
        news=_news(reader, workspace, since),
        sides=_sides(reader, workspace),
        languages=join_words(language_name(code) for code in workspace.languages),
        invited=_to_be_invited(workspace),
        own=bool({acting.organisation.pk for acting in deciding} & {one.pk for one in organisations}),
        may_ask=not waiting and (policies.place(reader, workspace) is None or len(deciding) > 1),
        who=sentences(len(organisations), count, _convening(organisations, people)),
    )


def _approaches(reader: User, workspace: Workspace) -> list[Approach]:
    """What waits for an answer between the group and this reader."""
    if not workspace.is_active:
        return []
    to_answer = policies.open_invitations(reader, workspace)
    own = Q(side=Approach.Side.ASKED, by_id=reader.pk)
    found = workspace.approaches.filter(Q(pk__in=to_answer.values("pk")) | own, answer="")
    return list(found.select_related("organisation", "person", "by").order_by("pk"))


def _to_be_invited(workspace: Workspace) -> str:
    if workspace.state != Workspace.State.PROPOSED:
        return ""
    first = workspace.approaches.filter(answer="").select_related("organisation", "person").order_by("pk")
    return join_words(apart(one.organisation.display_name if one.organisation else str(one.person)) for one in first)


def _since(reader: User, workspace: Workspace) -> datetime | None:
    place = policies.place(reader, workspace)
    return (place.visited_at or place.since) if place is not None else None


def _changed(workspace: Workspace) -> StateChange | None:
    if workspace.state in {Workspace.State.ACTIVE, Workspace.State.PROPOSED}:
        return None
    return workspace.state_changes.select_related("by").first()


def _news(reader: User, workspace: Workspace, since: datetime | None) -> list[News]:
    if since is None:
        return []
    telling = [section.news for section in sections if section.news is not None]
    lines = [line for news in telling for line in news(reader, workspace, since)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:_NEWS]


def _sides(reader: User, workspace: Workspace) -> list[tuple[str, Mapping[str, Any]]]:
    if not policies.can_read(reader, workspace):
        return []
    asked = [(section.side_template, section.side(reader, workspace)) for section in sections if section.side]
    return [(template, context) for template, context in asked if context is not None]


def _convening(organisations: Sequence[Organisation], people: Sequence[Member]) -> list[str]:
    names = [apart(one.display_name) for one in organisations if one.convenes]  # type: ignore[attr-defined]
    alone = [one for one in people if one.facilitates and one.place.organisation_id is None]
    return names + [_("the Secretariat") if one.of_secretariat else apart(one.person.name) for one in alone]
