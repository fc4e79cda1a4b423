"""The way back: verify all, then write all, then compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from psycopg import Connection, sql

from portal.backup import manifest, programs
from portal.backup.failure import BackupFailed
from portal.backup.manifest import Manifest
from portal.backup.services.places import Place, measures, place
from portal.backup.services.reading import archive_verify, read_through, restorer
from portal.files.storage import StorageAway


@dataclass
class Restored:
    """What a restore found. `differences` is empty where everything is again as it was."""

    told: Manifest
    figures: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


def restore(*, archive: Path, identity: Any, over: bool = False) -> Restored:
    """Bring database and files back from `archive`. Nobody may use the portal meanwhile.

    The whole archive is verified before anything is touched. A database with tables in it, or a place with files, is
    refused unless `over`; then the tables go, and the files are kept beside under a name with the moment in it.
    Raises BackupFailed; the sentence says whether anything was changed.
    """
    told, files = archive_verify(archive, identity), place()
    _fits(told)
    try:
        with programs.direct() as database:
            _refuse_what_is_full(database, files, over=over)
        files.begin()
        # Before the database: where there is no room for files, or a bucket is away, nothing was changed.
        read_through(archive, identity, take_file=files.take)
    except StorageAway as error:
        raise BackupFailed(f"Nothing was changed: the files cannot be put back. {error}") from error
    _close_connections()
    if over:
        with programs.direct() as database:
            _empty(database)
    arguments = [
        "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
        f"--dbname={programs.address()}",
    ]  # fmt: skip
    with restorer(arguments, at_least=told.client) as dump:
        read_through(archive, identity, dump=dump)
    try:
        files.finish(told.files.keys())
        return compare(told)
    except StorageAway as error:
        raise BackupFailed(f"All is back, but it could not be compared; restore again with --over. {error}") from error


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
    files = dict(measures(place()))
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


def _refuse_what_is_full(database: Connection[Any], files: Place, *, over: bool) -> None:
    query = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    found = database.execute(query).fetchone()
    full = found is not None and found[0] > 0
    others = next(files.files(), None) is not None
    if (full or others) and not over:
        what = "the database has tables" if full else "the place of files is not empty"
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


def _differing(kind: str, before: dict[str, list[Any]], now: dict[str, list[Any]]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield f"the {kind} {name}: {_shown(before.get(name))} before, {_shown(now.get(name))} now"


def _shown(measure: list[Any] | None) -> str:
    return "absent" if measure is None else f"{measure[0]} ({str(measure[1])[:12]})"
