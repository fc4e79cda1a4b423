"""Handing out what is stored piece by piece, so that no download is ever held whole."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import IO, Any, Final

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from portal.files.storage import StorageAway

PIECE: Final = 65_536

log = logging.getLogger(__name__)


class PartResponse(StreamingHttpResponse):
    """So many bytes of an open file from where it stands, which is closed at the end.

    Under ASGI each piece is read in a thread when the one before has gone: Django's own class would collect the whole
    of a synchronous iterator first. Where the storage breaks off, so does the answer: the wall (portal/edge) cuts a
    connection on which less came than was announced, and a client asks for the rest by `Range`.
    """

    def __init__(self, file: IO[bytes], length: int, **options: Any) -> None:
        self._file, self._length = file, length
        super().__init__(streaming_content=self._pieces(), **options)
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]  # not declared

    def _pieces(self) -> Iterator[bytes]:
        left = self._length
        try:
            while left > 0 and (piece := self._file.read(min(PIECE, left))):
                left -= len(piece)
                yield piece
        except StorageAway as error:
            # Raised on, it would keep Django from closing what this answer holds, the database's connection among it.
            log.error("A file broke off %d bytes before its end. %s", left, error)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = self._pieces()
        read = sync_to_async(lambda: next(pieces, None), thread_sensitive=False)
        while (piece := await read()) is not None:
            yield piece
