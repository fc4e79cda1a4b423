"""Reading an archive from its beginning to its end, and believing nothing in it before all of it fits."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from portal.backup import manifest, programs
from portal.backup.failure import BackupFailed
from portal.backup.manifest import Manifest
from portal.backup.sealing import opened
from portal.files.storage import StorageAway

MANIFEST_BYTES: Final = 500_000_000
_PIECE: Final = re.compile(r"database/\d{6}")
_FILE: Final = re.compile(r"files/[^\x00]{1,1000}")

TakesFile = Callable[[str, IO[bytes]], None]


@dataclass
class _Found:
    """What was really in the archive."""

    files: dict[str, list[Any]] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    sum: Any = field(default_factory=hashlib.sha256)


def archive_verify(path: Path, identity: Any) -> Manifest:
    """Open the whole archive, compare it with its manifest, and let pg_restore read the whole dump; writes nothing.

    Raises BackupFailed.
    """
    with _parsed() as dump:
        return read_through(path, identity, dump=dump)


def read_through(
    path: Path, identity: Any, *, dump: IO[bytes] | None = None, take_file: TakesFile | None = None
) -> Manifest:
    """One way through the archive: the dump goes into `dump`, each file to `take_file` (its name, bytes).

    Raises BackupFailed, at the latest at its end, where the archive is not exactly what its manifest says. Whoever
    uses what comes out before that end must have read the same archive through once already.
    """
    found, told = _Found(), None
    try:
        with path.open("rb") as file, opened(file, identity) as inside, tarfile.open(fileobj=inside, mode="r|") as tar:
            for member in tar:
                if told is not None:
                    raise BackupFailed("The archive goes on after its manifest.")
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise BackupFailed("The archive holds something that is neither dump nor file.")
                if member.name == "manifest.json" and member.size <= MANIFEST_BYTES:
                    told = manifest.read(content.read())
                else:
                    _member(member.name, content, found, dump, take_file)
    except StorageAway:
        raise  # of `take_file`; nothing is wrong with the archive
    except (OSError, tarfile.TarError, EOFError) as error:
        raise BackupFailed(f"{path.name} cannot be read to its end: {error}.") from error
    if told is None:
        raise BackupFailed("The archive has no manifest: it was never finished.")
    _compare(told, found)
    return told


def _member(name: str, content: IO[bytes], found: _Found, dump: IO[bytes] | None, take_file: TakesFile | None) -> None:
    if _PIECE.fullmatch(name):
        piece = content.read()
        found.pieces.append(hashlib.sha256(piece).hexdigest())
        found.sum.update(piece)
        found.size += len(piece)
        if dump is not None:
            dump.write(piece)
        return
    inside = name.removeprefix("files/")
    if not _FILE.fullmatch(name) or inside.startswith("/") or ".." in inside.split("/"):
        raise BackupFailed("The archive names a file outside its place.")
    summed = Summing(content)
    if take_file is not None:
        take_file(inside, summed)  # type: ignore[arg-type]  # it only reads
    while summed.read(1 << 20):
        pass
    found.files[inside] = [summed.size, summed.sum.hexdigest()]


class Summing(io.RawIOBase):
    """Adds up what is read through it."""

    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__()
        self.inner, self.sum, self.size = inner, hashlib.sha256(), 0

    def readable(self) -> bool:
        """It is for reading, once from the beginning to the end."""
        return True

    def read(self, size: int = -1) -> bytes:
        """As files have it."""
        part = self.inner.read(size)
        self.sum.update(part)
        self.size += len(part)
        return part


def _compare(told: Manifest, found: _Found) -> None:
    if found.pieces != told.pieces or [found.size, found.sum.hexdigest()] != told.dump:
        raise BackupFailed("The dump in the archive is not the one that its manifest describes.")
    if found.files != told.files:
        raise BackupFailed("The files in the archive are not those that its manifest describes.")


@contextmanager
def _parsed() -> Iterator[IO[bytes]]:
    """pg_restore, which reads a whole dump and writes it nowhere."""
    with restorer(["--file=/dev/null"], at_least=0) as dump:
        yield dump


@contextmanager
def restorer(arguments: list[str], *, at_least: int) -> Iterator[IO[bytes]]:
    """pg_restore at work; what is written into the file given is the dump. Raises BackupFailed with its words."""
    program = programs.client("pg_restore", at_least) if at_least else _newest()
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=programs.environment(),
        )  # fmt: skip
        assert process.stdin is not None
        fault: BaseException | None = None
        try:
            yield process.stdin
            process.stdin.close()
        except BaseException as error:
            fault = error
            if not isinstance(error, BrokenPipeError):
                process.kill()  # it works in one transaction, and so did nothing
                raise
        finally:
            with suppress(OSError):
                process.stdin.close()
            process.wait()
        complaints.seek(0)
        if process.returncode != 0 or fault is not None:
            said = complaints.read().decode(errors="replace").strip()[-1000:]
            raise BackupFailed(f"pg_restore failed: {said}") from fault


def _newest() -> Path:
    found = {programs.major_version(path) or 0: path for path in programs.candidates("pg_restore")}
    if not found:
        raise BackupFailed("There is no pg_restore here. Install PostgreSQL's client programs.")
    return found[max(found)]
