"""A list whose order is known and whose rows are read a page at a time."""

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

Row = TypeVar("Row")


class Rows(Sequence[Row]):
    """The rows of `ids`, read by `fetch` when a slice is asked for; for the paginator."""

    def __init__(self, ids: Sequence[int], fetch: Callable[[Sequence[int]], list[Row]]) -> None:
        self._ids = ids
        self._fetch = fetch

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, wanted: int) -> Row: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Row]: ...
    def __getitem__(self, wanted: int | slice) -> Row | list[Row]:
        return self._fetch(self._ids[wanted]) if isinstance(wanted, slice) else self._fetch([self._ids[wanted]])[0]
