"""What an app adds to the pages that all share: navigation, home page, top bar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.registry.register import Text

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable
    from django.http import HttpRequest

    from portal.accounts.models import User


def everyone(_: "User") -> bool:
    """The audience of an entry that every signed-in person may see."""
    return True


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """One line of the rail. `group`: "act" (asks for action), "look" (look up), "own" (yours), "run" (Secretariat).

    `count` gives the number beside it, or an expression that makes it in the database: all expressions are asked in
    one query, together with the bell, so that no page pays for a count that it does not show otherwise.
    """

    name: str
    label: Text
    icon: str
    url: Callable[["User"], str | None]
    group: str = "look"
    order: int = 50
    visible_to: Callable[["User"], bool] = everyone
    count: Callable[["User"], "int | Combinable"] | None = None
    due: bool = False
    primary_on_phone: bool = False
    short_label: Text = ""  # for the narrow rail and the phone's bar, where the label is too long


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that waits for the reader or the organisation acted for; an item of the agenda on the home page."""

    kind: Text
    icon: str
    title: Text
    sentence: Text
    action: Text
    url: str
    deadline: datetime | None = None

    @property
    def days_left(self) -> int | None:
        """Whole days until the deadline, 0 on its last day and after it; None without one."""
        return max(0, (self.deadline - timezone.now()).days) if self.deadline else None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One of the linked numbers under the home page's title."""

    number: int
    word: Text
    detail: Text
    url: str
    due: bool = False


@dataclass(frozen=True, kw_only=True)
class News:
    """One line of "since you were last here" on the home page. `at` is timezone-aware."""

    title: Text
    detail: Text
    url: str
    at: datetime
    lang: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What one app shows on the home page. Each callable is asked once per page; a card may fill any of the places."""

    name: str
    order: int = 50
    subject: Callable[["HttpRequest"], Text | None] | None = None  # whose needs the title speaks of
    needs: Callable[["HttpRequest"], Sequence[Need]] | None = None
    figures: Callable[["HttpRequest"], Sequence[Figure]] | None = None
    news: Callable[["HttpRequest"], Sequence[News]] | None = None
    side_template: str = ""
    side: Callable[["HttpRequest"], Mapping[str, Any] | None] | None = None


@dataclass(frozen=True, kw_only=True)
class HeaderSlot:
    """A template shown in the top bar of every signed-in page; `context` None leaves it out."""

    name: str
    template: str
    context: Callable[["HttpRequest"], Mapping[str, Any] | None]
    order: int = 50
