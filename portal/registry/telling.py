"""How an app reaches people: notifications and mail."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from portal.registry.register import Text

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    """A kind of notification: what it says, by which templates, and whether it is mailed by default.

    `sentence` makes the line of the inbox from the stored payload, in the active language.
    `mail` names a template pair without suffix: `<mail>_subject.txt`, `<mail>.txt`, `<mail>.html`.
    `mention`: it also reaches those who want only mentions where it comes from. `urgent`: its mail waits for nothing,
    neither for a digest nor for the end of the reader's quiet hours, and is sent also to who has read it in the portal.
    """

    name: str
    label: Text
    sentence: Callable[[Mapping[str, Any]], Text]
    mail: str = "email/portal/notifications/notification"
    mailed: bool = True
    mention: bool = False
    urgent: bool = False
    order: int = 50


class Level(StrEnum):
    """How much a person wants to be told from one place."""

    ALL = "all"
    MENTIONS = "mentions"  # only kinds with `mention`
    NOTHING = "nothing"


Pair = tuple[int, str]
"""A person's id and the key of a place."""


@dataclass(frozen=True, kw_only=True)
class NotificationScope:
    """A family of places that notifications come from, such as groups. One place is written "<name>:<key>".

    Everyone chooses a level for each place; where they did not, the one of its `parent` counts, and at last `default`.
    `may_hear(person_id, key)` is asked before somebody is told, again before each mail, and for the inbox: who may not
    hear is never told, whatever they chose. It does not raise for keys of nothing. `parent(key)` gives the place around
    it, "family:key", or None; it is made from the key alone, without a query.

    `label(person, key)` is what the place is called, for somebody who may hear, in the active language.

    `among` and `labels` answer for many at once and are wanted where a question costs a query: those of the pairs that
    may hear, and the labels of keys for one person. Without them the questions above are asked one by one.
    """

    name: str
    label: Callable[["User", str], Text]
    may_hear: Callable[[int, str], bool]
    parent: Callable[[str], str | None] = lambda _key: None
    default: Level = Level.ALL
    among: Callable[[Collection[Pair]], set[Pair]] | None = None
    labels: Callable[["User", Collection[str]], Mapping[str, Text]] | None = None

    def heard(self, pairs: Collection[Pair]) -> set[Pair]:
        """Those of `pairs` of person and key in which the person may hear."""
        if self.among is not None:
            return self.among(pairs) if pairs else set()
        return {pair for pair in pairs if self.may_hear(*pair)}

    def named(self, person: "User", keys: Collection[str]) -> Mapping[str, Text]:
        """What the places with `keys` are called, for a person who may hear in them."""
        if self.labels is not None:
            return self.labels(person, keys) if keys else {}
        return {key: self.label(person, key) for key in keys}


@dataclass(frozen=True, kw_only=True)
class MailGate:
    """Whoever may hold a person's mails back for a while, asked right before each one leaves.

    `may_mail(person_id)` False keeps the mail waiting; it is asked again every hour and dropped after some days.
    """

    name: str
    may_mail: Callable[[int], bool]


@dataclass(frozen=True, kw_only=True)
class MailDiscretion:
    """Whoever knows that some people's mails had better say nothing, unless they chose otherwise themselves.

    `advised(person)` is asked once for each mail to a person who did not choose.
    """

    name: str
    advised: Callable[["User"], bool]
