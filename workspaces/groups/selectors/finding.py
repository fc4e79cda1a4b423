"""What the search knows of groups, and how it shows the found ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from portal.accounts.models import User
from portal.registry import SearchDocument, SearchResult
from workspaces.groups import policies
from workspaces.groups.models import Workspace

_BATCH: Final = 500


def documents(object_ids: Sequence[int] | None = None) -> Iterator[SearchDocument]:
    """What is indexed of groups (all when None): names and purposes. Who finds one is asked with each query."""
    rows = Workspace.objects.order_by("pk")
    if object_ids is not None:
        rows = rows.filter(pk__in=object_ids)
    for workspace in rows.iterator(chunk_size=_BATCH):
        names = [getattr(workspace, f"name_{code}") for code in Workspace.LANGUAGES]
        purposes = [getattr(workspace, f"purpose_{code}") for code in Workspace.LANGUAGES]
        yield SearchDocument(
            object_id=workspace.pk,
            names=[name for name in names if name],
            body="\n".join(text for text in purposes if text),
        )


def results(reader: User, object_ids: Sequence[int]) -> list[SearchResult]:
    """The found groups as lines of the result page, in the given order, none that `reader` may not see."""
    rows = {row.pk: row for row in policies.visible_to(reader).filter(pk__in=object_ids).select_related("alliance")}
    return [
        SearchResult(
            object_id=pk,
            title=rows[pk].name,
            detail=rows[pk].get_kind_display(),
            url=rows[pk].get_absolute_url(),
            subject=rows[pk],
            lang=rows[pk].name_language,
        )
        for pk in object_ids
        if pk in rows
    ]
