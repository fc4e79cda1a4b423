"""How much a person wants to be told from one place, such as a group or a room in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from portal.notifications.models import ScopeLevel
from portal.registry import Level, NotificationKind, NotificationScope, Text, announced

if TYPE_CHECKING:
    from portal.accounts.models import User


LONGEST: Final = 120
WORDS: Final = {Level.ALL: _("All messages"), Level.MENTIONS: _("Mentions"), Level.NOTHING: _("Nothing")}


def family_of(scope: str) -> tuple[NotificationScope, str]:
    """The announced family of a place, and its key there. Raises LookupError for any other text."""
    name, _colon, key = scope.partition(":")
    family = announced.notification_scopes.get(name)
    if family is None or not key or len(scope) > LONGEST or not scope.isprintable():
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


def levels_at(person_id: int, scopes: Collection[str]) -> dict[str, Level]:
    """The level that counts for one person at each of many places; one query. Raises LookupError as `levels_of`."""
    places = {scope: around(scope) for scope in scopes}
    wanted = {place for nearest in places.values() for place in nearest}
    chosen = dict(ScopeLevel.objects.filter(person_id=person_id, scope__in=wanted).values_list("scope", "level"))
    return {
        scope: _nearest([chosen.get(place) for place in nearest], family_of(scope)[0].default)
        for scope, nearest in places.items()
    }


def scope_level_of(person: User, scope: str) -> Level:
    """The level that counts for one person at a place; see `levels_of`."""
    return levels_of([person.pk], scope)[person.pk]


@dataclass(frozen=True)
class LevelChoice:
    """The button with which a person chooses their level at a place; see `portal/notifications/_level.html`.

    `chosen`: they set it there, and can give that up.
    """

    scope: str
    level: Level
    chosen: bool = True
    label: Text = ""

    @property
    def word(self) -> Text:
        """What the button says."""
        return WORDS[self.level]

    @property
    def options(self) -> list[tuple[str, Text]]:
        """What there is to choose, with words."""
        return [(level.value, word) for level, word in WORDS.items()]


def level_choice(person: User, scope: str, *, chosen: Mapping[str, str] | None = None) -> LevelChoice:
    """The button for a place where `person` may hear. Raises LookupError as `levels_of`.

    `chosen`: the levels that they set there and around it, by place, where these are known; otherwise one query.
    """
    places, default = around(scope), family_of(scope)[0].default
    if chosen is None:
        chosen = dict(ScopeLevel.objects.filter(person_id=person.pk, scope__in=places).values_list("scope", "level"))
    return LevelChoice(scope, _nearest([chosen.get(place) for place in places], default), scope in chosen)


def own_level(person: User, scope: Combinable) -> Subquery:
    """The level that `person` set at the place called `scope`, for queries that load places; else NULL."""
    return Subquery(ScopeLevel.objects.filter(person_id=person.pk, scope=scope).values("level"))


def level_choices(person: User, chosen: Iterable[ScopeLevel]) -> list[LevelChoice]:
    """The buttons for places where `person` set a level, with what these are called, by name."""
    levels = {row.scope: Level(row.level) for row in chosen}
    labels = labels_of(person, levels)
    choices = [LevelChoice(scope, level, label=str(labels.get(scope, scope))) for scope, level in levels.items()]
    return sorted(choices, key=lambda choice: str(choice.label).casefold())


def labels_of(person: User, scopes: Collection[str]) -> dict[str, Text]:
    """What places are called, in the active language, each family asked once; without those of families that are gone.

    For places in which the person may hear.
    """
    labels: dict[str, Text] = {}
    for name in sorted({scope.partition(":")[0] for scope in scopes if scope}):
        family = announced.notification_scopes.get(name)
        if family is not None:
            keys = [scope.partition(":")[2] for scope in scopes if scope.startswith(f"{name}:")]
            labels |= {f"{name}:{key}": label for key, label in family.named(person, keys).items()}
    return labels


def reaches(level: Level, kind: NotificationKind) -> bool:
    """Whether somebody with this level is told of this kind."""
    return level == Level.ALL or (level == Level.MENTIONS and kind.mention)


def _nearest(levels: Sequence[str | None], default: Level) -> Level:
    return next((Level(level) for level in levels if level), default)
