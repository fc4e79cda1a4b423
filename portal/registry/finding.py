"""What an app lets be found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.registry.register import Text

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """A kind of thing that can be found.

    `visible_to` gives the pks' queryset for one reader, joined inside the query.
    """

    name: str
    label: Text
    visible_to: Callable[["User"], "QuerySet[Any]"]
    results: Callable[["User", Sequence[int]], Sequence["SearchResult"]]
    documents: Callable[[Sequence[int] | None], Iterator["SearchDocument"]]
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class SearchDocument:
    """What is indexed of one thing. `names` weigh most (name, acronym, native name), then `keywords`, then `body`."""

    object_id: int
    names: Sequence[str]
    keywords: Sequence[str] = ()
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """One line of the result page."""

    object_id: int
    title: str
    detail: Text
    url: str
    subject: Any = None  # what the tile or the face is drawn from
    lang: str = ""
