"""How much a person wants to be told from one place, such as a group or a room in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from portal.notifications.models import ScopeLevel
from portal.registry import Level, NotificationKind, NotificationScope, announced

if TYPE_CHECKING:
    from portal.accounts.models import User


def family_of(scope: str) -> tuple[NotificationScope, str]:
    """The announced family of a place, and its key there. Raises LookupError for any other text."""
    name, _colon, key = scope.partition(":")
    family = announced.notification_scopes.get(name)
    if family is None or not key:
        raise LookupError(f"the notification scope {scope!r} is not announced in any wiring.py")
    return family, key


def around(scope: str) -> list[str]:
    """The place and those around it, nearest first. Asks nothing of the database. LookupError as in `family_of`."""
    places = [scope]
    while True:
        family, key = family_of(places[-1])
        parent = family.parent(key)
        if parent is None or parent in places:
            return places
        places.append(parent)


def levels_of(person_ids: Collection[int], scope: str) -> dict[int, Level]:
    """The level that counts for each of the people at a place: the nearest that they set, else the family's. One query.

    Raises LookupError for a place of no announced family.
    """
    places, default = around(scope), family_of(scope)[0].default
    rows = ScopeLevel.objects.filter(person_id__in=person_ids, scope__in=places)
    chosen = {(person_id, place): level for person_id, place, level in rows.values_list("person_id", "scope", "level")}
    return {
        person_id: _nearest([chosen.get((person_id, place)) for place in places], default) for person_id in person_ids
    }


def scope_level_of(person: User, scope: str) -> Level:
    """The level that counts for one person at a place; see `levels_of`."""
    return levels_of([person.pk], scope)[person.pk]


def reaches(level: Level, kind: NotificationKind) -> bool:
    """Whether somebody with this level is told of this kind."""
    return level == Level.ALL or (level == Level.MENTIONS and kind.mention)


def _nearest(levels: Sequence[str | None], default: Level) -> Level:
    return next((Level(level) for level in levels if level), default)
