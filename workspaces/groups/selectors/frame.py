"""What the head of every page in a group shows: its name, its tabs, and what the reader is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.access.roles import SECRETARIAT, holders
from portal.accounts.models import User
from portal.live.selectors import head
from portal.registry import Text
from portal.ui.formats import join_words, number
from workspaces.groups import policies
from workspaces.groups.models import Workspace
from workspaces.groups.registry import sections
from workspaces.groups.selectors.participation import current_participations, facilitates

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
    unread: int


def group_frame(reader: User, workspace: Workspace, *, current: str = FRONT) -> dict[str, Any]:
    """The context that `workspaces/groups/_group_head.html` needs, for the page of the section called `current`.

    `may_read`, `may_write` and `may_keep` say what the reader may do in the group; `place` is their place, or None.
    Costs one query for each section that counts what is new, one for the live number and three for who takes part.
    """
    may_read = policies.can_read(reader, workspace)
    return {
        "workspace": workspace,
        "place": policies.place(reader, workspace),
        "may_read": may_read,
        "may_write": policies.can_take_part(reader, workspace),
        "may_keep": policies.can_facilitate(reader, workspace),
        "tabs": _tabs(reader, workspace, current, may_read=may_read),
        "who": who_takes_part(reader, workspace),
        "group_number": head(workspace.topic),
    }


def _tabs(reader: User, workspace: Workspace, current: str, *, may_read: bool) -> list[Tab]:
    """The group's own page, its sections for who may read in it; none where there is one page alone."""
    tabs = [Tab(FRONT, gettext_lazy("Overview"), "groups", workspace.get_absolute_url(), current == FRONT, 0)]
    if may_read:
        tabs += [
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
    return tabs if len(tabs) > 1 else []


def who_takes_part(reader: User, workspace: Workspace) -> list[str]:
    """Sentences on how many take part and who convenes, as far as `reader` may know."""
    sentences = [_how_many(reader, workspace)]
    if convening := convened_by(reader, workspace):
        shown, more = convening[:_NAMED], len(convening) - _NAMED
        if more > 0:
            shown.append(ngettext("%(n)s other", "%(n)s others", more) % {"n": number(more)})
        sentences.append(_("Convened by %(names)s.") % {"names": join_words(shown)})
    return [sentence for sentence in sentences if sentence]


def _how_many(reader: User, workspace: Workspace) -> str:
    organisations = policies.organisations_shown(reader, workspace).count()
    told = ngettext("%(n)s organisation", "%(n)s organisations", organisations) % {"n": number(organisations)}
    if not policies.can_see_participants(reader, workspace):
        return _("%(organisations)s.") % {"organisations": told} if organisations else ""
    people = policies.participants_shown(reader, workspace).count()
    counted = ngettext("%(n)s person", "%(n)s people", people) % {"n": number(people)}
    if not organisations:
        return _("%(people)s.") % {"people": counted}
    return _("%(organisations)s, %(people)s.") % {"organisations": told, "people": counted}


def convened_by(reader: User, workspace: Workspace) -> list[str]:
    """Who keeps the group, each once: organisations, the Secretariat, or people where they take part for themselves."""
    keeping = (
        current_participations()
        .filter(workspace_id=workspace.pk, is_guest=False)
        .annotate(
            keeps=facilitates(),
            organisation_shown=Exists(
                policies.organisations_shown(reader, workspace).filter(pk=OuterRef("organisation"))
            ),
            person_shown=Exists(policies.participants_shown(reader, workspace).filter(pk=OuterRef("pk"))),
            of_secretariat=Exists(holders(SECRETARIAT).filter(pk=OuterRef("person"))),
        )
    )
    names = []
    for one in keeping.filter(keeps=True).select_related("organisation", "person").order_by("pk"):
        if one.organisation is not None:
            names += [_apart(one.organisation.display_name)] if one.organisation_shown else []
        elif one.of_secretariat:
            names.append(_("the Secretariat"))
        elif one.person_shown:
            names.append(_apart(one.person.name))
    return list(dict.fromkeys(names))


def _apart(name: str) -> str:
    """The name kept apart from the direction of the sentence around it."""
    return f"\u2068{name}\u2069"
