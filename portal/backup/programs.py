"""pg_dump and pg_restore: the ones that fit the server, or a clear refusal (GitLab lost a night to the wrong ones)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import Connection, connect
from psycopg.conninfo import make_conninfo

from portal.backup.failure import BackupFailed
from portal.database.programs import EmbeddedDatabaseError, installed

_KNOWN = frozenset({"dbname", "user", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "options"})


def connection_parameters() -> dict[str, str]:
    """How to reach the portal's database, without the password."""
    given = connection.get_connection_params()
    return {key: str(value) for key, value in given.items() if key in _KNOWN and value}


def environment() -> dict[str, str]:
    """The environment for PostgreSQL's programs; the password goes this way, for arguments are everybody's to read."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    password = connection.get_connection_params().get("password")
    return {**kept, "LC_ALL": "C"} | ({"PGPASSWORD": str(password)} if password else {})


def address() -> str:
    """The database as libpq takes it."""
    return make_conninfo(**connection_parameters())


def direct() -> Connection[Any]:
    """A connection of its own, outside Django's pool and transactions."""
    connection.ensure_connection()  # starts an embedded server
    return connect(address(), password=connection.get_connection_params().get("password") or None, autocommit=True)


def client(program: str, at_least: int) -> Path:
    """The program of the lowest major version that is not below `at_least`. Raises BackupFailed."""
    found = {version: path for path in candidates(program) if (version := major_version(path))}
    fitting = sorted(version for version in found if version >= at_least)
    if not fitting:
        here = ", ".join(str(version) for version in sorted(found)) or "none"
        raise BackupFailed(
            f"The database is of PostgreSQL {at_least}, and no {program} of that version or a newer one is here "
            f"(found: {here}). Install the package postgresql-client-{at_least}."
        )
    return found[fitting[0]]


def candidates(program: str) -> list[Path]:
    """Where the program may be: the system's path, Debian's directories of versions, the embedded server's."""
    places = [Path(found)] if (found := shutil.which(program)) else []
    places += sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    with suppress(EmbeddedDatabaseError):
        places.append(installed() / program)
    return places


def major_version(path: Path) -> int | None:
    """The major version that the program says it has; None where it cannot be run."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else None
