"""Making an archive: one moment of the database, and the files that belong to it."""

from __future__ import annotations

import fcntl
import hashlib
import io
import logging
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from django.utils import timezone
from psycopg import Connection, sql

from portal.audit.services import record
from portal.backup import manifest, programs
from portal.backup.failure import BackupFailed
from portal.backup.manifest import Manifest
from portal.backup.sealing import recipients_of, sealed
from portal.backup.services.places import place
from portal.backup.services.reading import Summing
from portal.backup.services.shelf import Archive, is_as_written, name_of, rotate
from portal.files.models import StoredFile
from portal.files.storage import StorageAway

PIECE: Final = 8 * 1024 * 1024
MADE: Final = "backup.made"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What was written. `missing` names files that the database speaks of and that are not there as they should be."""

    archive: Archive
    bytes: int
    rows: int
    files: int
    missing: Sequence[str]
    rotated: Sequence[str]


class _Summed:
    """A file that adds up what is written into it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.sum = inner, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """To the disk; a full one raises here."""
        self.sum.update(data)
        self.inner.write(data)
        return len(data)

    def flush(self) -> None:
        """As files have it."""
        self.inner.flush()


def backup_make(*, directory: Path, public_keys: Sequence[str], now: datetime | None = None) -> Made:
    """Write one archive into `directory`, read it back, and remove those that are not kept any more.

    Raises BackupFailed with a sentence; then no file with an archive's name was left. `now` is timezone-aware.
    """
    recipients = recipients_of(public_keys)
    moment = now or timezone.now()
    archive = Archive(moment, directory / name_of(moment))
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(directory), _unfinished(archive) as file:
            told, total = _write(file, recipients, moment)
            _keep(archive, file, total)
    except StorageAway as error:
        raise BackupFailed(f"The files cannot be read: {error}") from error
    except OSError as error:
        raise BackupFailed(f"The archive cannot be written to {directory}: {error.strerror or error}.") from error
    rotated = rotate(directory)
    made = Made(
        archive=archive,
        bytes=archive.path.stat().st_size,
        rows=sum(count for count, _sum in told.tables.values()),
        files=len(told.files),
        missing=told.missing,
        rotated=rotated,
    )
    record(None, verb=MADE, details={"bytes": made.bytes, "files": made.files, "missing": len(made.missing)})
    return made


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Two at once would only be in each other's way."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BackupFailed("Another backup is being written.") from error
    finally:
        os.close(descriptor)


@contextmanager
def _unfinished(archive: Archive) -> Iterator[IO[bytes]]:
    """A file under another name, which is gone when anything fails. What a killed process left goes too."""
    for old in archive.path.parent.glob(".unfinished-*"):
        old.unlink()
    descriptor, name = tempfile.mkstemp(prefix=".unfinished-", dir=archive.path.parent)  # mode 0600
    os.close(descriptor)
    try:
        with Path(name).open("r+b") as file:
            yield file
    except BaseException:
        archive.sum_file.unlink(missing_ok=True)
        raise
    finally:
        Path(name).unlink(missing_ok=True)


def _write(file: IO[bytes], recipients: Sequence[Any], moment: datetime) -> tuple[Manifest, str]:
    summed = _Summed(file)
    with _snapshot() as (database, snapshot), sealed(summed, recipients) as inside:  # type: ignore[arg-type]
        server = database.info.server_version // 10000
        dumper = programs.client("pg_dump", server)
        told = Manifest(
            made_at=moment.isoformat(),
            server=server,
            client=programs.major_version(dumper) or 0,
            migrations=manifest.migrations(database),
            record=manifest.record_head(database),
        )
        with tarfile.open(fileobj=inside, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            _add_files(tar, told, database)
            _add_database(tar, told, dumper, snapshot)
            told.tables = manifest.tables(database)
            _add(tar, "manifest.json", told.written())
    file.flush()
    os.fsync(file.fileno())
    total = summed.sum.hexdigest()
    _read_back(file, total)
    return told, total


@contextmanager
def _snapshot() -> Iterator[tuple[Connection[Any], str]]:
    """One moment of the database, which pg_dump and the sums of the tables share."""
    with programs.direct() as database:
        database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        found = database.execute("SELECT pg_export_snapshot()").fetchone()
        assert found is not None
        yield database, str(found[0])


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))


def _member(name: str, length: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = length, 0o600
    return member


def _add_files(tar: tarfile.TarFile, told: Manifest, database: Connection[Any]) -> None:
    """Every uploaded file. They never change; those that the snapshot names are there unless removed since."""
    files = place()
    for name, length in files.files():
        try:
            content = files.read(name, length)
        except FileNotFoundError:
            continue
        with content:
            summed = Summing(content)
            member = _member(f"files/{name}", length)
            tar.addfile(member, summed)
        told.files[name] = [length, summed.sum.hexdigest()]
    _note_what_lacks(told, database)


def _note_what_lacks(told: Manifest, database: Connection[Any]) -> None:
    table = sql.Identifier(StoredFile._meta.db_table)
    named = dict(database.execute(sql.SQL("SELECT content, sha256 FROM {}").format(table)).fetchall())
    lacking = [name for name, wanted in named.items() if told.files.get(name, [0, ""])[1] != wanted]
    if not lacking:
        return
    with programs.direct() as later:
        query = sql.SQL("SELECT content FROM {} WHERE content = ANY(%s)").format(table)
        rows = later.execute(query, [lacking]).fetchall()
    still_named = {name for (name,) in rows}
    told.missing = sorted(still_named)
    told.removed = sorted(set(lacking) - still_named)
    if told.missing:
        log.error("Backup: %d files that the database names are missing or damaged.", len(told.missing))


def _add_database(tar: tarfile.TarFile, told: Manifest, dumper: Path, snapshot: str) -> None:
    command: list[str | Path] = [
        dumper, "--format=custom", "--compress=6", "--no-password", "--lock-wait-timeout=60s",
        f"--snapshot={snapshot}", f"--exclude-table-data=*.{manifest.sessions_table()}",
        f"--dbname={programs.address()}",
    ]  # fmt: skip
    whole = hashlib.sha256()
    with tempfile.TemporaryFile() as complaints:
        dump = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, env=programs.environment())
        assert dump.stdout is not None
        try:
            size = 0
            while piece := dump.stdout.read(PIECE):
                _add(tar, f"database/{len(told.pieces):06}", piece)
                told.pieces.append(hashlib.sha256(piece).hexdigest())
                whole.update(piece)
                size += len(piece)
        except BaseException:
            dump.kill()
            raise
        finally:
            dump.stdout.close()
            dump.wait()
        complaints.seek(0)
        if dump.returncode != 0:
            said = complaints.read().decode(errors="replace").strip()[-1000:]
            raise BackupFailed(f"pg_dump failed: {said}")
    told.dump = [size, whole.hexdigest()]


def _read_back(file: IO[bytes], wanted: str) -> None:
    """What the disk gives back, not what its cache remembers."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    file.seek(0)
    found = hashlib.sha256()
    while part := file.read(1 << 20):
        found.update(part)
    if found.hexdigest() != wanted:
        raise BackupFailed("The disk gives back something else than was written.")


def _keep(archive: Archive, file: IO[bytes], total: str) -> None:
    """Give the archive its name, once its checksum is beside it and both are safe on the disk."""
    with archive.sum_file.open("w", encoding="ascii") as sums:
        sums.write(f"{total}  {archive.path.name}\n")
        sums.flush()
        os.fsync(sums.fileno())
    Path(file.name).rename(archive.path)
    directory = os.open(archive.path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    try:
        is_as_written(archive)
    except BackupFailed:
        archive.path.unlink()
        raise
