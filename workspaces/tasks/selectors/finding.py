"""What the search knows of tasks, and how it shows the found ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from portal.accounts.models import User
from portal.registry import SearchDocument, SearchResult
from workspaces.tasks import policies
from workspaces.tasks.models import Task

_BATCH: Final = 500


def documents(object_ids: Sequence[int] | None = None) -> Iterator[SearchDocument]:
    """What is indexed of tasks (all when None): what is to be done, and the note."""
    rows = Task.objects.order_by("pk")
    if object_ids is not None:
        rows = rows.filter(pk__in=object_ids)
    for task in rows.iterator(chunk_size=_BATCH):
        yield SearchDocument(object_id=task.pk, names=[task.title], body=task.note)


def results(reader: User, object_ids: Sequence[int]) -> list[SearchResult]:
    """The found tasks as lines of the result page, in the given order, none that `reader` may not see."""
    rows = {row.pk: row for row in policies.visible_to(reader).filter(pk__in=object_ids).select_related("workspace")}
    return [
        SearchResult(
            object_id=pk,
            title=rows[pk].title,
            detail=rows[pk].workspace.name,
            url=rows[pk].get_absolute_url(),
            lang=rows[pk].language,
        )
        for pk in object_ids
        if pk in rows
    ]
