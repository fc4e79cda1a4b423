"""What the head of every page in a group shows: its name, its tabs, and what the reader is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from memberships.people.policies import is_in_network
from portal.access.roles import SECRETARIAT, holders
from portal.accounts.models import User
from portal.live.models import Topic
from portal.live.selectors import head
from portal.notifications.selectors import level_choice
from portal.registry import Text
from portal.ui.formats import join_words, number
from workspaces.groups import policies
from workspaces.groups.models import Workspace
from workspaces.groups.registry import sections
from workspaces.groups.selectors.participation import current_participations, facilitates
from workspaces.groups.selectors.unread import unread_of

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
    `who`: the sentences on who takes part, where the page knows them already; otherwise they cost two queries. One
    is for what is new, one for how much the reader is told of it.
    """
    may_read = policies.can_read(reader, workspace)
    place = policies.place(reader, workspace)
    return {
        "workspace": workspace,
        "place": place,
        "choice": level_choice(reader, workspace.scope) if place is not None else None,
        "may_read": may_read,
        "may_write": policies.can_take_part(reader, workspace),
        "may_keep": policies.can_facilitate(reader, workspace),
        "may_dissolve": policies.can_dissolve(reader, workspace),
        "may_reopen": policies.can_reopen(reader, workspace),
        "tabs": _tabs(reader, workspace, current, may_read=may_read),
        "linked_organisations": is_in_network(reader),
        "current_language": get_language() or "en",
        "who": who_takes_part(reader, workspace) if who is None else who,
        "group_number": live_head(workspace) if may_read else 0,
    }


def with_live_head(workspaces: QuerySet[Workspace]) -> QuerySet[Workspace]:
    """Each with `live_number`, how far its live topic had come when it was read."""
    topics = Topic.objects.filter(name=Concat(Value("group:"), OuterRef("key")))
    return workspaces.annotate(live_number=Coalesce(Subquery(topics.values("head")[:1]), 0))


def live_head(workspace: Workspace) -> int:
    """How far the live topic of the group had come: as it was read, or now."""
    known: int | None = getattr(workspace, "live_number", None)
    return head(workspace.topic) if known is None else known


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


def who_takes_part(reader: User, workspace: Workspace) -> list[str]:
    """Sentences on how many take part and who convenes, as far as `reader` may know; two queries."""
    row = Workspace.objects.filter(pk=workspace.pk).values_list(
        _number_of(policies.organisations_shown(reader, workspace)),
        _number_of(policies.participants_shown(reader, workspace)),
    )[0]
    people = row[1] or 0 if policies.can_see_participants(reader, workspace) else None
    return sentences(row[0] or 0, people, convened_by(reader, workspace))


def _number_of(rows: QuerySet[Any]) -> Subquery:
    # Not Count, which groups: one number for all rows.
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField()))
    return Subquery(counted.values("n"))


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


def convened_by(reader: User, workspace: Workspace) -> list[str]:
    """Who keeps the group: organisations, the Secretariat, or people where they take part for themselves."""
    organisation_shown: Combinable = Value(True)
    person_shown: Combinable = Value(True)
    if not (policies.knows_everybody(reader, workspace) and policies.can_see_participants(reader, workspace)):
        organisations = policies.organisations_shown(reader, workspace)
        organisation_shown = Exists(organisations.filter(pk=OuterRef("organisation")))
        person_shown = Exists(policies.participants_shown(reader, workspace).filter(pk=OuterRef("pk")))
    keeping = (
        current_participations()
        .filter(facilitates(), workspace_id=workspace.pk, is_guest=False)
        .annotate(organisation_shown=organisation_shown, person_shown=person_shown, of_secretariat=of_secretariat())
    )
    names = []
    for one in keeping.select_related("organisation", "person").order_by("pk"):
        if one.organisation is not None:
            names += [apart(one.organisation.display_name)] if one.organisation_shown else []
        elif one.of_secretariat:
            names.append(_("the Secretariat"))
        elif one.person_shown:
            names.append(apart(one.person.name))
    return names


def of_secretariat() -> Exists:
    """Whether the person of a participation is of the Secretariat; for an annotation."""
    return Exists(holders(SECRETARIAT).filter(pk=OuterRef("person")))


def apart(name: str) -> str:
    """The name kept apart from the direction of the sentence around it."""
    return f"\u2068{name}\u2069"
