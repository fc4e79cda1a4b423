"""What the head of every page in a group shows: its name, its tabs, and what the reader is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, JSONObject
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from memberships.people.policies import is_in_network
from portal.access.roles import SECRETARIAT, holders
from portal.accounts.models import User
from portal.live.models import Topic
from portal.live.selectors import head
from portal.notifications.selectors import LevelChoice, level_choice, own_level
from portal.registry import Text
from portal.ui.formats import join_words, number
from workspaces.groups import policies
from workspaces.groups.models import Workspace
from workspaces.groups.registry import sections
from workspaces.groups.selectors.participation import (
    ORGANISATION_NAME,
    current_participations,
    facilitates,
    organisation_name,
    with_organisations,
)
from workspaces.groups.selectors.unread import unread_by_group_follows, unread_of

FRONT, PARTICIPANTS = "front", "participants"
"""The names of the tabs that every group has; the others are those of sections."""

_NAMED: Final = 3
"""So many who convene a group are named in its head."""


@dataclass(frozen=True)
class Tab:
    """One link between the pages of a group."""

    name: str
    label: Text
    icon: str
    url: str
    current: bool
    unread: int = 0


def group_frame(
    reader: User, workspace: Workspace, *, current: str = FRONT, who: Sequence[str] | None = None
) -> dict[str, Any]:
    """The context that `workspaces/groups/_group_head.html` needs, for the page of the section called `current`.

    `may_read`, `may_write` and `may_keep` say what the reader may do in the group; `place` is their place, or None.
    `who`: the sentences on who takes part, where the page knows them already; otherwise they cost a query. Another is
    for what is new. Both are asked when the page shows them: a part of a page has no head.
    """
    may_read = policies.can_read(reader, workspace)
    place = policies.place(reader, workspace)
    if may_read:
        unread_by_group_follows(reader)
    return {
        "workspace": workspace,
        "place": place,
        "choice": _level_choice(reader, workspace) if place is not None else None,
        "may_read": may_read,
        "may_write": policies.can_take_part(reader, workspace),
        "may_keep": policies.can_facilitate(reader, workspace),
        "may_dissolve": policies.can_dissolve(reader, workspace),
        "may_reopen": policies.can_reopen(reader, workspace),
        "tabs": cache(lambda: _tabs(reader, workspace, current, may_read=may_read)),
        "linked_organisations": is_in_network(reader),
        "current_language": get_language() or "en",
        "who": cache(lambda: there_in(reader, workspace).sentences) if who is None else who,
        "group_number": live_head(workspace) if may_read else 0,
    }


def with_head(workspaces: QuerySet[Workspace], reader: User) -> QuerySet[Workspace]:
    """Each with what its head asks of the group itself, so that it costs no query of its own: the organisations in it,
    `live_number`, how far its live topic had come, and `own_level`, how much `reader` wants to be told of it."""
    scope = Concat(Value("group:"), OuterRef("key"))
    topics = Topic.objects.filter(name=scope)
    return with_organisations(workspaces).annotate(
        live_number=Coalesce(Subquery(topics.values("head")[:1]), 0), own_level=own_level(reader, scope)
    )


def live_head(workspace: Workspace) -> int:
    """How far the live topic of the group had come: as it was read, or now."""
    known: int | None = getattr(workspace, "live_number", None)
    return head(workspace.topic) if known is None else known


def _level_choice(reader: User, workspace: Workspace) -> LevelChoice:
    chosen: Mapping[str, str] | None = None
    if hasattr(workspace, "own_level"):
        chosen = {workspace.scope: workspace.own_level} if workspace.own_level else {}
    return level_choice(reader, workspace.scope, chosen=chosen)


def _tabs(reader: User, workspace: Workspace, current: str, *, may_read: bool) -> list[Tab]:
    """The group's own pages, and its sections for who may read in it; none where there is one page alone."""
    if not policies.can_see_participants(reader, workspace):
        return []
    tabs = [Tab(FRONT, gettext_lazy("Overview"), "groups", workspace.get_absolute_url(), current == FRONT)]
    if may_read:
        new = unread_of(reader)
        tabs += [
            Tab(
                name=section.name,
                label=section.label,
                icon=section.icon,
                url=section.url(workspace),
                current=section.name == current,
                unread=new.get(section.name, {}).get(workspace.pk, 0),
            )
            for section in sections
        ]
    people = reverse("groups:participants", args=[workspace.slug])
    return [*tabs, Tab(PARTICIPANTS, gettext_lazy("Participants"), "people", people, current == PARTICIPANTS)]


@dataclass(frozen=True)
class There:
    """Who takes part, as far as one reader may know; `people` None: not told.

    `seen_ids` are those of the people who let it be seen when they are here.
    """

    organisations: int
    people: int | None
    seen_ids: Sequence[int]
    convening: Sequence[str]

    @property
    def sentences(self) -> list[str]:
        """How many take part and who convenes, in the active language."""
        return sentences(self.organisations, self.people, self.convening)


def there_in(reader: User, workspace: Workspace) -> There:
    """Who takes part in the group, as far as `reader` may know; one query where it was read `with_head`, else three."""
    known = policies.organisations_known(reader, workspace)
    seen = Case(When(person__presence_visible=True, then=F("person_id")))
    people = policies.participants_shown(reader, workspace).order_by()
    row = Workspace.objects.filter(pk=workspace.pk).values_list(
        ArraySubquery(people.values(seen_id=seen)), ArraySubquery(_keeping(reader, workspace).values("told"))
    )[0]
    ids: list[int | None] = row[0] or []
    return There(
        organisations=len(known),
        people=len(ids) if policies.can_see_participants(reader, workspace) else None,
        seen_ids=[one for one in ids if one is not None],
        convening=_convening(row[1] or [], known),
    )


def sentences(organisations: int, people: int | None, convening: Iterable[str]) -> list[str]:
    """How many take part (`people` None or 0: not told) and who convenes, in the active language."""
    told = []
    counted = ngettext("%(n)s organisation", "%(n)s organisations", organisations) % {"n": number(organisations)}
    if not people:
        told += [_("%(organisations)s.") % {"organisations": counted}] if organisations else []
    else:
        persons = ngettext("%(n)s person", "%(n)s people", people) % {"n": number(people)}
        both = {"organisations": counted, "people": persons}
        told.append((_("%(organisations)s, %(people)s.") if organisations else _("%(people)s.")) % both)
    if names := list(dict.fromkeys(convening)):
        shown, more = names[:_NAMED], len(names) - _NAMED
        if more > 0:
            shown.append(ngettext("%(n)s other", "%(n)s others", more) % {"n": number(more)})
        told.append(_("Convened by %(names)s.") % {"names": join_words(shown)})
    return told


def _keeping(reader: User, workspace: Workspace) -> QuerySet[Any]:
    """Who keeps the group, each with `told`, what their name in its head is made of."""
    person: str | Case = "person__name"
    if not (policies.knows_everybody(reader, workspace) and policies.can_see_participants(reader, workspace)):
        shown = Exists(policies.participants_shown(reader, workspace).filter(pk=OuterRef("pk")))
        person = Case(When(shown, then="person__name"))
    keeping = current_participations().filter(facilitates(), workspace_id=workspace.pk, is_guest=False)
    return keeping.order_by("pk").annotate(
        told=JSONObject(
            **ORGANISATION_NAME,
            of_secretariat=of_secretariat(),
            person=person,
        )
    )


def _convening(keeping: Iterable[Mapping[str, Any]], known: Collection[int]) -> list[str]:
    """Their names: organisations, the Secretariat, or people where they take part for themselves."""
    names = []
    for one in keeping:
        if one["organisation_id"] is not None:
            names += [apart(organisation_name(one))] if one["organisation_id"] in known else []
        elif one["of_secretariat"]:
            names.append(_("the Secretariat"))
        elif one["person"] is not None:
            names.append(apart(one["person"]))
    return names


def of_secretariat() -> Exists:
    """Whether the person of a participation is of the Secretariat; for an annotation."""
    return Exists(holders(SECRETARIAT).filter(pk=OuterRef("person")))


def apart(name: str) -> str:
    """The name kept apart from the direction of the sentence around it."""
    return f"\u2068{name}\u2069"
