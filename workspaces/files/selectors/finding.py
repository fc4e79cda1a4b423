"""What the search knows of files, and how it shows the found ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from portal.accounts.models import User
from portal.registry import SearchDocument, SearchResult
from workspaces.files import policies
from workspaces.files.models import GroupFile

_BATCH: Final = 500


def documents(object_ids: Sequence[int] | None = None) -> Iterator[SearchDocument]:
    """What is indexed of files (all when None): name and description, of those that are not deleted."""
    rows = GroupFile.objects.filter(deleted_at__isnull=True).order_by("pk")
    if object_ids is not None:
        rows = rows.filter(pk__in=object_ids)
    for file in rows.iterator(chunk_size=_BATCH):
        # Names of files run words together that people look for one by one.
        words = file.name.replace("-", " ").replace("_", " ").replace(".", " ")
        yield SearchDocument(object_id=file.pk, names=[file.name, words], body=file.description)


def results(reader: User, object_ids: Sequence[int]) -> list[SearchResult]:
    """The found files as lines of the result page, in the given order, none that `reader` may not see."""
    found = policies.visible_to(reader).filter(pk__in=object_ids).select_related("workspace")
    rows = {row.pk: row for row in found}
    return [
        SearchResult(
            object_id=pk,
            title=rows[pk].name,
            detail=rows[pk].workspace.name,
            url=rows[pk].get_absolute_url(),
            lang=rows[pk].language,
        )
        for pk in object_ids
        if pk in rows
    ]
