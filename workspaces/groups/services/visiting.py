"""That somebody looked, and that something happened; both to some minutes only, for they are written often."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import F
from django.utils import timezone

from portal.accounts.models import User
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import place_in

A_VISIT: Final = timedelta(minutes=30)
"""Whoever was away for longer comes back on another visit: what came since the last one is new to them."""
_LOOKED: Final = timedelta(minutes=5)
_HAPPENED: Final = timedelta(hours=1)


def visit(person: User, workspace: Workspace) -> None:
    """Note that `person` looks at the group now; at most one write in five minutes. Nobody else is told."""
    place = place_in(person, workspace)
    now = timezone.now()
    if place is None or (place.seen_at is not None and now - place.seen_at < _LOOKED):
        return
    rows = Participation.objects.filter(pk=place.participation_id)
    if place.seen_at is None or now - place.seen_at > A_VISIT:
        rows.update(visited_at=F("seen_at"), seen_at=now)
    else:
        rows.update(seen_at=now)


def happened(workspace: Workspace) -> None:
    """Note that something happened in the group, for lists by activity; at most one write in an hour."""
    if timezone.now() - workspace.active_at > _HAPPENED:
        Workspace.objects.filter(pk=workspace.pk).update(active_at=timezone.now())
