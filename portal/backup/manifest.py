"""What an archive says about itself, and the measures of a database that are compared after a restore."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from psycopg import Connection, sql

from portal.backup.failure import BackupFailed

FORMAT: Final = 1


@dataclass
class Manifest:
    """Counts in rows and bytes, moments in ISO 8601 (UTC), sums in hexadecimal SHA-256 unless said otherwise."""

    made_at: str
    server: int  # PostgreSQL's major version
    client: int  # pg_dump's
    migrations: list[str] = field(default_factory=list)
    tables: dict[str, list[Any]] = field(default_factory=dict)  # name: rows, sum over the rows (any order)
    record: list[Any] = field(default_factory=list)  # number and hash of the last link of the chain
    dump: list[Any] = field(default_factory=list)  # bytes, sum
    pieces: list[str] = field(default_factory=list)  # sums
    files: dict[str, list[Any]] = field(default_factory=dict)  # path: bytes, sum
    removed: list[str] = field(default_factory=list)  # named by the dump, and rightly removed before they were read
    missing: list[str] = field(default_factory=list)  # named by the dump, and not there or not as they were stored
    format: int = FORMAT

    def written(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def read(content: bytes) -> Manifest:
    """The manifest in `content`. Raises BackupFailed for one of another format."""
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise BackupFailed(
                f"This archive is of format {found['format']}; this version of the portal reads {FORMAT}."
            )
        return Manifest(**found)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupFailed("The archive's manifest cannot be read.") from error


def sessions_table() -> str:
    """The table whose rows are no part of an archive."""
    model = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    return str(model._meta.db_table)


def tables(database: Connection[Any]) -> dict[str, list[Any]]:
    """Of each table the number of rows and a sum over their contents in which the order of rows does not count."""
    # What decides how a value is written as text.
    database.execute("SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 1; SET bytea_output = 'hex'")
    rows = database.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
        "ORDER BY 1, 2"
    ).fetchall()
    measured: dict[str, list[Any]] = {}
    for schema, table in rows:
        if table == sessions_table():
            continue
        query = sql.SQL(
            "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 14))::bit(56)::bigint), 0)::text FROM {} t"
        ).format(sql.Identifier(schema, table))
        count, total = database.execute(query).fetchone() or (0, "0")
        measured[f"{schema}.{table}"] = [count, total]
    return measured


def record_head(database: Connection[Any]) -> list[Any]:
    """Number and hash of the last link of the record's chain; empty where there is none."""
    if database.execute("SELECT to_regclass('audit_link')").fetchone() in {None, (None,)}:
        return []
    found = database.execute("SELECT number, hash FROM audit_link ORDER BY number DESC LIMIT 1").fetchone()
    return list(found) if found else []


def migrations(database: Connection[Any]) -> list[str]:
    """The migrations that made the database what it is."""
    rows = database.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2").fetchall()
    return [f"{app}.{name}" for app, name in rows]
