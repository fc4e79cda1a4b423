"""Keeping the index."""

from collections.abc import Sequence


def reindex(source: str, object_ids: Sequence[int] | None = None) -> int:
    """Bring the index of `source` up to date for `object_ids` (all when None), in the caller's transaction.

    What no longer exists leaves the index. Returns the number of documents written.
    """
    raise NotImplementedError
