"""What the search knows of meetings, and how it shows the found ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from portal.accounts.models import User
from portal.registry import SearchDocument, SearchResult
from portal.ui.formats import day
from workspaces.calendar import policies
from workspaces.calendar.models import Meeting

_BATCH: Final = 500


def documents(object_ids: Sequence[int] | None = None) -> Iterator[SearchDocument]:
    """What is indexed of meetings (all when None): title, agenda and minutes. Neither place nor link."""
    rows = Meeting.objects.order_by("pk")
    if object_ids is not None:
        rows = rows.filter(pk__in=object_ids)
    for meeting in rows.iterator(chunk_size=_BATCH):
        body = "\n".join(text for text in (meeting.agenda, meeting.minutes) if text)
        yield SearchDocument(object_id=meeting.pk, names=[meeting.title], body=body)


def results(reader: User, object_ids: Sequence[int]) -> list[SearchResult]:
    """The found meetings as lines of the result page, in the given order, none that `reader` may not see."""
    rows = {row.pk: row for row in policies.visible_to(reader).filter(pk__in=object_ids).select_related("workspace")}
    return [
        SearchResult(
            object_id=pk,
            title=rows[pk].title,
            detail=f"{rows[pk].workspace.name} · {day(rows[pk].starts_at, 'plain')}",
            url=rows[pk].get_absolute_url(),
            lang=rows[pk].language,
        )
        for pk in object_ids
        if pk in rows
    ]
