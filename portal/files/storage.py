"""What a storage must offer here beside what Django asks of it, and the local disk as one that keeps its word."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage


class StorageAway(OSError):
    """The storage does not answer now; the message is a sentence for the log. Files are there again later."""


class PartStorage(Protocol):
    """A storage that opens a file anywhere without fetching what stands before."""

    def part(self, name: str, first: int, length: int) -> IO[bytes]:
        """`length` bytes of the file from `first` on. Raises FileNotFoundError, StorageAway."""


def part_of(storage: Storage, name: str, first: int, length: int) -> IO[bytes]:
    """`length` bytes of the file `name` from the byte `first` on. Raises FileNotFoundError, StorageAway."""
    return cast(PartStorage, storage).part(name, first, length)


class DurableStorage(FileSystemStorage):
    """Django's own, but what is stored has reached the disk when `save` returns, as the row in the database will have.

    Otherwise a loss of power would leave rows without bytes.
    """

    def _save(self, name: str, content: File[bytes]) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        for place in (path, path.parent):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return saved

    def part(self, name: str, first: int, length: int) -> IO[bytes]:
        """The file, open at `first`; who reads it stops by themselves."""
        file = Path(self.path(name)).open("rb")  # noqa: SIM115 - whoever asked closes it
        file.seek(first)
        return file
