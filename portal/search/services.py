"""Keeping the index."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from django.db import transaction

from portal.registry import SearchDocument, announced
from portal.search.lexemes import vector_of
from portal.search.models import Document

BATCH: Final = 500


@transaction.atomic
def reindex(
    source: str, object_ids: Sequence[int] | None = None, *, progress: Callable[[int], None] | None = None
) -> int:
    """Bring the index of `source` up to date for `object_ids` (all when None), in the caller's transaction.

    What no longer exists, or is no longer given by the source, leaves the index. Costs two queries beside those of
    the source's `documents` for each 500 things. `progress` is told the number written so far after each batch.
    Returns the number of documents written. Raises LookupError for a source that no app has announced.
    """
    if source not in announced.search_sources:
        raise LookupError(f"the search source {source!r} is not announced in any wiring.py")
    documents = announced.search_sources[source].documents(object_ids)
    stale = Document.objects.filter(source=source)
    if object_ids is not None:
        stale = stale.filter(object_id__in=object_ids)
    seen: set[int] = set()
    for batch in _batches(documents):
        _write(source, batch)
        seen.update(document.object_id for document in batch)
        if progress:
            progress(len(seen))
    gone = set(stale.values_list("object_id", flat=True)) - seen
    if gone:
        Document.objects.filter(source=source, object_id__in=gone).delete()
    return len(seen)


def _write(source: str, batch: Sequence[SearchDocument]) -> None:
    rows = {document.object_id: vector_of(document) for document in batch}
    Document.objects.bulk_create(
        # In one order, so that two writers of the same rows wait for each other instead of locking each other out.
        [Document(source=source, object_id=object_id, vector=rows[object_id]) for object_id in sorted(rows)],
        update_conflicts=True,
        unique_fields=["source", "object_id"],
        update_fields=["vector", "updated_at"],
    )


def _batches(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    documents = iter(documents)
    while batch := list(islice(documents, BATCH)):
        yield batch
