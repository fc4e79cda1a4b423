"""Asking the index.

A query is made of the words of what was typed, folded as the index is. Every word must occur, as the beginning of a
word; quotes, operators and nonsense are no more than the words in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import BooleanField, Count, F, FloatField, Func, QuerySet, Value, Window

from portal.registry import SearchResult, SearchSource, announced
from portal.search.lexemes import query_of, whole_query_of
from portal.search.models import Document

if TYPE_CHECKING:
    from portal.accounts.models import User

_WEIGHTS: Final = "{0.02,0.1,0.2,1.0}"  # of body (D), C, keywords (B), names (A)


class Contains(Func):
    """Whether a vector holds a query, given as a literal."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Rank(Func):
    """How well a vector answers a query, given as a literal."""

    template = "ts_rank('" + _WEIGHTS + "', %(expressions)s::tsquery)"
    output_field = FloatField()


@dataclass(frozen=True)
class Group:
    """What was found of one source: the first results, and how many there are in all."""

    source: SearchSource
    total: int
    results: list[SearchResult]


def documents_matching(source: str, text: str) -> QuerySet[Document]:
    """The index rows of `source` that have all words of `text`; none where `text` has no letter and no digit."""
    query = query_of(text)
    if not query:
        return Document.objects.none()
    return Document.objects.filter(Contains(F("vector"), Value(query)), source=source)


def matching(source: str, text: str) -> QuerySet[Document, int]:
    """The object ids of `source` whose words match all words of `text` (prefixes count), for use in `pk__in`.

    Says nothing about who may see them: join it with the source's `visible_to`.
    """
    return documents_matching(source, text).values_list("object_id", flat=True)


def ranked(source: str, text: str) -> QuerySet[Document, int]:
    """As `matching`, in the order of a result page.

    First what is called exactly so (name or acronym), then where all words are in the names, then by weight.
    """
    found = documents_matching(source, text)
    if found.query.is_empty():
        return found.values_list("object_id", flat=True)
    vector = F("vector")
    return found.order_by(
        Contains(vector, Value(whole_query_of(text))).desc(),
        Contains(vector, Value(query_of(text, weight="A"))).desc(),
        Rank(vector, Value(query_of(text))).desc(),
        "object_id",
    ).values_list("object_id", flat=True)


def found_in(source: SearchSource, reader: User, text: str) -> QuerySet[Document, int]:
    """The object ids that `reader` may see, best first. Who may see what is asked inside the query."""
    return ranked(source.name, text).filter(object_id__in=source.visible_to(reader).values("pk"))


def results_of(source: SearchSource, reader: User, ids: list[int]) -> list[SearchResult]:
    """The lines for `ids`, in their order; what vanished meanwhile is left out."""
    lines: dict[int, Any] = {line.object_id: line for line in source.results(reader, ids)} if ids else {}
    return [lines[object_id] for object_id in ids if object_id in lines]


def groups(reader: User, text: str, *, first: int) -> list[Group]:
    """The `first` results of each source and how many there are; sources where nothing was found are left out.

    Costs one query for each source beside those of its `results`, whatever is found.
    """
    found = []
    for source in announced.search_sources:
        ids = found_in(source, reader, text)
        rows = list(ids.annotate(total=Window(Count("pk"))).values_list("object_id", "total")[:first])
        if rows:
            results = results_of(source, reader, [object_id for object_id, _total in rows])
            found.append(Group(source, rows[0][1], results))
    return found
