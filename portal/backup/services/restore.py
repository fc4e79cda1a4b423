"""The way back: verify all, then write all, then compare."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from psycopg import Connection, sql

from portal.backup import manifest, programs
from portal.backup.failure import BackupFailed
from portal.backup.manifest import Manifest
from portal.backup.services.reading import archive_verify, read_through, restorer


@dataclass
class Restored:
    """What a restore found. `differences` is empty where everything is again as it was."""

    told: Manifest
    figures: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


def restore(*, archive: Path, identity: Any, over: bool = False) -> Restored:
    """Bring database and files back from `archive`. Nobody may use the portal meanwhile.

    The whole archive is verified before anything is touched. A database with tables in it, or a directory with files,
    is refused unless `over`; then the tables go, and the files are kept beside in a directory named after the moment.
    Raises BackupFailed; the sentence says whether anything was changed.
    """
    told = archive_verify(archive, identity)
    _fits(told)
    with programs.direct() as database:
        _refuse_what_is_full(database, over=over)
    place = Path(settings.MEDIA_ROOT)
    beside = place.with_name(f"{place.name}.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700, parents=True)
    _close_connections()
    if over:
        with programs.direct() as database:
            _empty(database)
    arguments = [
        "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
        f"--dbname={programs.address()}",
    ]  # fmt: skip
    with restorer(arguments, at_least=told.client) as dump:
        read_through(archive, identity, dump=dump, take_file=_Shelf(beside).take)
    _put_in_place(beside, place)
    return compare(told)


def compare(told: Manifest) -> Restored:
    """Measure database and files anew, and hold them against what the archive's manifest says."""
    restored = Restored(told)
    with programs.direct() as database:
        tables = manifest.tables(database)
        head = manifest.record_head(database)
        analyse = sql.SQL("ANALYZE")
        database.execute(analyse)  # or the first days' queries are planned without any knowledge
    restored.differences += list(_differing("table", told.tables, tables))
    if head != told.record:
        restored.differences.append(f"the record's last link: {told.record} before, {head} now")
    files = dict(_files(Path(settings.MEDIA_ROOT)))
    restored.differences += list(_differing("file", told.files, files))
    restored.figures = {
        "tables": len(tables),
        "rows": sum(count for count, _sum in tables.values()),
        "files": len(files),
        "bytes of files": sum(size for size, _sum in files.values()),
        "links of the record": head[0] if head else 0,
        "differences": len(restored.differences),
    }
    return restored


def _fits(told: Manifest) -> None:
    """Whether this version of the portal and this server can hold what is in the archive."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    here = {name.partition(".")[0] for name in known}
    unknown = [name for name in told.migrations if name not in known and name.partition(".")[0] in here]
    if unknown:
        raise BackupFailed(
            f"The archive is of a newer version of the portal (it has the migration {unknown[0]}). "
            "Install that version, then restore."
        )
    with programs.direct() as database:
        server = database.info.server_version // 10000
    if server < told.server:
        raise BackupFailed(
            f"The archive is of PostgreSQL {told.server}, and this server is {server}: it would not take everything."
        )


def _refuse_what_is_full(database: Connection[Any], *, over: bool) -> None:
    query = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    found = database.execute(query).fetchone()
    full = found is not None and found[0] > 0
    files = next(_files(Path(settings.MEDIA_ROOT)), None) is not None
    if (full or files) and not over:
        what = "the database has tables" if full else "the directory of files is not empty"
        raise BackupFailed(f"Nothing was changed: {what}. To replace what is there, say so with --over.")


def _empty(database: Connection[Any]) -> None:
    row = database.execute("SELECT current_schema()").fetchone()
    schema = sql.Identifier(str(row[0]) if row else "public")
    with database.transaction():
        database.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))
        database.execute(sql.SQL("CREATE SCHEMA {}").format(schema))


def _close_connections() -> None:
    """Ours, for what is dropped must not be in use."""
    connections.close_all()
    for one in connections.all(initialized_only=True):
        if isinstance(one, DatabaseWrapper):
            one.close_pool()


class _Shelf:
    """Where files are written to until all are there."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def take(self, name: str, content: IO[bytes]) -> None:
        """One file, safe on the disk when this returns."""
        path = self.directory / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())


def _put_in_place(beside: Path, place: Path) -> None:
    if place.exists():
        if any(place.iterdir()):
            place.rename(place.with_name(f"{place.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"))
        else:
            place.rmdir()
    beside.rename(place)


def _files(root: Path) -> Iterator[tuple[str, list[Any]]]:
    for path in sorted(found for found in root.rglob("*") if found.is_file()):
        with path.open("rb") as file:
            total = hashlib.file_digest(file, "sha256").hexdigest()
        yield path.relative_to(root).as_posix(), [path.stat().st_size, total]


def _differing(kind: str, before: dict[str, list[Any]], now: dict[str, list[Any]]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield f"the {kind} {name}: {_shown(before.get(name))} before, {_shown(now.get(name))} now"


def _shown(measure: list[Any] | None) -> str:
    return "absent" if measure is None else f"{measure[0]} ({str(measure[1])[:12]})"
