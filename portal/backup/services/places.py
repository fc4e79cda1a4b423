"""Where uploaded files are, for reading them all and for putting them back: the disk, or a bucket."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Protocol

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages

BEFORE: Final = "before-"
"""How the names begin under which a bucket keeps what a restore set aside."""


class Place(Protocol):
    """All uploaded files, by their names as the database knows them."""

    def files(self) -> Iterator[tuple[str, int]]:
        """Name and bytes of each, in the order of names."""

    def read(self, name: str, length: int) -> IO[bytes]:
        """One of them, to be closed. Raises FileNotFoundError for one that was removed meanwhile."""

    def begin(self) -> None:
        """Make ready for taking."""

    def take(self, name: str, content: IO[bytes]) -> None:
        """Keep one; it is safe when this returns."""

    def finish(self, taken: Collection[str]) -> None:
        """Now there is what was `taken`; what was there besides is set aside."""


def place() -> Place:
    """The place that the settings name."""
    storage = storages["default"]
    return Disk(Path(settings.MEDIA_ROOT)) if isinstance(storage, FileSystemStorage) else Bucket(storage)


def measures(of: Place) -> Iterator[tuple[str, list[Any]]]:
    """Of each file its name, and its bytes and sum as they are read now."""
    for name, length in of.files():
        with of.read(name, length) as file:
            total = hashlib.sha256()
            while piece := file.read(1 << 20):
                total.update(piece)
        yield name, [length, total.hexdigest()]


class Disk:
    """A directory. What is taken lies beside it until all is there."""

    def __init__(self, root: Path) -> None:
        self.root, self.beside = root, root.with_name(f"{root.name}.restoring")

    def files(self) -> Iterator[tuple[str, int]]:
        """Every file below the directory."""
        for path in sorted(found for found in self.root.rglob("*") if found.is_file()):
            with suppress(FileNotFoundError):
                yield path.relative_to(self.root).as_posix(), path.stat().st_size

    def read(self, name: str, length: int) -> IO[bytes]:
        """Opened; it has `length` bytes, for files never change."""
        return (self.root / name).open("rb")

    def begin(self) -> None:
        """An empty directory beside."""
        shutil.rmtree(self.beside, ignore_errors=True)
        self.beside.mkdir(mode=0o700, parents=True)

    def take(self, name: str, content: IO[bytes]) -> None:
        """Written and on the disk."""
        path = self.beside / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())

    def finish(self, taken: Collection[str]) -> None:
        """Change places; the directory of before gets a name with the moment in it."""
        if self.root.exists():
            if any(self.root.iterdir()):
                self.root.rename(self.root.with_name(f"{self.root.name}.{BEFORE}{_moment()}"))
            else:
                self.root.rmdir()
        self.beside.rename(self.root)


class Bucket:
    """A bucket. Names are random and what they name never changes, so taking a file that is there changes nothing."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage  # portal.files.bucket, which nobody imports who does not use it

    def files(self) -> Iterator[tuple[str, int]]:
        """Every object, without those that a restore set aside."""
        for name, length in self.storage.everything():
            if not name.startswith(BEFORE):
                yield name, length

    def read(self, name: str, length: int) -> IO[bytes]:
        """As it comes out of the bucket."""
        file: IO[bytes] = self.storage.part(name, 0, length)
        return file

    def begin(self) -> None:
        """Nothing to make ready."""

    def take(self, name: str, content: IO[bytes]) -> None:
        """Stored under its name."""
        self.storage.save(name, File(content))

    def finish(self, taken: Collection[str]) -> None:
        """Move the others below a name with the moment in it."""
        moment = _moment()
        for name, _length in list(self.files()):
            if name not in taken:
                self.storage.move(name, f"{BEFORE}{moment}/{name}")


def _moment() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
