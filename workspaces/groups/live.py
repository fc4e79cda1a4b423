"""The live topic of a group's page, and where its notifications come from."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.registry import Text
from workspaces.groups import policies
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_participations, place_in

FACILITATOR, PARTICIPANT, READER = "facilitator", "participant", "reader"
"""Audience classes: what is rendered for one of them is the same for all of it."""


def workspace_of(key: str) -> Workspace | None:
    """The workspace called `key` outside the database, or None."""
    return Workspace.objects.filter(key=key).first() if 0 < len(key) <= 12 and key.isascii() else None


def may_follow(person: User, key: str) -> bool:
    """`group:<key>`: whoever may read in the group. To others it is as if there were none."""
    workspace = workspace_of(key)
    return workspace is not None and policies.can_read(person, workspace)


def audience(person: User, key: str) -> str:
    """Which class of its readers the person is in."""
    workspace = workspace_of(key)
    held = place_in(person, workspace) if workspace is not None else None
    if held is None:
        return READER
    return FACILITATOR if held.facilitates else PARTICIPANT


def may_hear(person_id: int, key: str) -> bool:
    """Whether the person is told of what happens in the group: whoever takes part in it."""
    return bool(heard({(person_id, key)}))


def heard(pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the pairs of person and group's key where the person takes part now; one query."""
    wanted = Q(pk__in=[])
    people_by_key: dict[str, list[int]] = {}
    for person_id, key in pairs:
        people_by_key.setdefault(key, []).append(person_id)
    for key, people in people_by_key.items():
        wanted |= Q(workspace__key=key, person_id__in=people)
    return set(current_participations().filter(wanted).values_list("person_id", "workspace__key"))


def label(person: User, key: str) -> Text:
    """What the group is called, for somebody who may hear in it."""
    return labels(person, [key]).get(key, _("A group"))


def labels(person: User, keys: Collection[str]) -> Mapping[str, Text]:
    """What the groups are called; one query."""
    return {workspace.key: workspace.name for workspace in Workspace.objects.filter(key__in=list(keys))}
