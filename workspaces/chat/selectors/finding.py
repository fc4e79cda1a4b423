"""What the search knows of messages, and how it shows the found ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.registry import SearchDocument, SearchResult
from portal.search.selectors import matching
from workspaces.chat import policies
from workspaces.chat.models import Message, Room
from workspaces.chat.rendering import plain
from workspaces.chat.selectors.messages import shown, whole

SOURCE: Final = "message"
_BATCH: Final = 500
_TITLE: Final = 90


def documents(object_ids: Sequence[int] | None = None) -> Iterator[SearchDocument]:
    """What is indexed of messages (all when None): what they say, never who said it. Who finds one is asked with each
    query."""
    rows = Message.objects.filter(deleted_at__isnull=True).order_by("pk")
    if object_ids is not None:
        rows = rows.filter(pk__in=object_ids)
    for pk, body in rows.values_list("pk", "body").iterator(chunk_size=_BATCH):
        yield SearchDocument(object_id=pk, names=(), body=plain(body))


def visible_to(reader: User) -> QuerySet[Message]:
    """The messages that `reader` may find."""
    return policies.visible_to(reader)


def results(reader: User, object_ids: Sequence[int]) -> list[SearchResult]:
    """The found messages as lines of the result page, in the given order, none that `reader` may not read."""
    rows = whole().filter(pk__in=object_ids, room__in=policies.rooms_readable_by(reader), deleted_at__isnull=True)
    by_pk = {row.pk: row for row in rows.select_related("room__workspace")}
    found = []
    for pk in object_ids:
        if pk not in by_pk:
            continue
        message = by_pk[pk]
        one = shown([message], message.room, reader=reader)[0] if message.room.workspace else None
        where = message.room.workspace.name if message.room.workspace else ""
        who = "" if one is not None and one.hidden else str(message.author)
        text = plain(message.body)
        found.append(
            SearchResult(
                object_id=pk,
                title=text[:_TITLE] + ("…" if len(text) > _TITLE else ""),
                detail=" · ".join(part for part in (who, message.topic.title, where) if part),
                url=message.get_absolute_url(),
                lang=message.language,
            )
        )
    return found


def found_in(room: Room, text: str) -> QuerySet[Message]:
    """The messages of a room with all words of `text`, the latest first. Asks no rights."""
    return whole().filter(room_id=room.pk, deleted_at__isnull=True, pk__in=matching(SOURCE, text)).order_by("-number")
