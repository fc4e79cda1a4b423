"""What must be there before the first page: database, migrations, demonstration network, static files.

Each step first finds out whether there is anything to do, so that a second start takes seconds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from portal.database.embedded import Cluster, make_data_directory
from portal.database.programs import EmbeddedDatabaseError
from portal.files.checks import storage_is_usable

# The app whose rows tell whether the demonstration network is there; named, not imported.
FIRST_MODEL = ("organisations", "Organisation")
# Commands of portal.demonstration: the one loads the network, the other prints who can sign in and how.
DEMONSTRATION_COMMAND = "demonstration"
ACCOUNTS_COMMAND = "demonstration_accounts"
OLDEST_POSTGRESQL = 150000  # as the driver counts

Say = Callable[[str], None]


class NotReadyError(Exception):
    """Something Plenary needs is not there; the message says what can be done."""


def prepare(say: Say) -> None:
    """Do everything that is missing, telling ``say`` about what takes time.

    Raises NotReadyError, with a sentence for whoever started this.
    """
    prepare_directories()
    prepare_bucket()
    prepare_database(say)
    migrate(say)
    load_demonstration(say)
    collect_static_files(say)


def prepare_directories() -> None:
    """Make the directory of uploads, which nobody else on this machine may enter."""
    make_data_directory(settings.DATA_DIR)
    Path(settings.MEDIA_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)


def prepare_bucket() -> None:
    """See that the bucket for uploads answers and is private, where FILES_URL names one."""
    for message in storage_is_usable(None):
        raise NotReadyError(message.msg)


def prepare_database(say: Say) -> None:
    """Start the embedded PostgreSQL, or see that the given server answers."""
    cluster: Cluster | None = settings.DATABASES["default"].get("EMBEDDED")
    if cluster is not None:
        if not cluster.server.data.exists():
            say("Making the embedded PostgreSQL database ...")
        try:
            cluster.attach()
        except EmbeddedDatabaseError as error:
            raise NotReadyError(str(error)) from error
        return
    try:
        # Not through Django's pool, which would try for a while and then not say why.
        with psycopg.connect(**connection.get_connection_params()) as direct:
            version = direct.info.server_version
    except psycopg.OperationalError as error:
        # The driver's message names host, port and reason, never the password.
        raise NotReadyError(f"The database that DATABASE_URL names does not answer: {str(error).strip()}") from error
    if version < OLDEST_POSTGRESQL:
        raise NotReadyError(
            f"The server that DATABASE_URL names is PostgreSQL {version // 10000}; 15 is the oldest usable."
        )


def migrate(say: Say) -> None:
    """Run the migrations that are missing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Running {len(plan)} migrations ...")
        call_command("migrate", verbosity=0, interactive=False)


def load_demonstration(say: Say) -> None:
    """Load the demonstration network into a database that has no organisations."""
    if not settings.DEMONSTRATION or DEMONSTRATION_COMMAND not in get_commands():
        return
    with suppress(LookupError):
        if apps.get_model(*FIRST_MODEL)._default_manager.exists():
            return
    say("Loading the demonstration network ...")
    with transaction.atomic():  # broken off half-way, it is not there at all, and the next start loads it
        call_command(DEMONSTRATION_COMMAND)


def collect_static_files(say: Say) -> None:
    """Collect, name by content and compress the static files, unless none of them changed."""
    root = Path(settings.STATIC_ROOT)
    done = root.parent / f"{root.name}.collected"
    fingerprint = _static_fingerprint()
    with suppress(OSError):
        if done.read_text(encoding="ascii") == fingerprint and root.is_dir():
            return
    say("Preparing the static files ...")
    done.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=root.is_dir())
    done.write_text(fingerprint, encoding="ascii")


def _static_fingerprint() -> str:
    """A digest that changes with any static file, or with the packages that bring or prepare them."""
    digest = hashlib.sha256()
    for line in sorted(f"{package.name}=={package.version}" for package in distributions()):
        digest.update(line.encode())
    for path in sorted(_static_files()):
        found = path.stat()
        digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _static_files() -> Iterator[Path]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield Path(os.path.realpath(storage.path(name)))


def release_database() -> None:
    """Close this process's connections and let go of the embedded PostgreSQL, which stops unless others use it."""
    connections.close_all()
    for one in connections.all(initialized_only=True):
        if isinstance(one, DatabaseWrapper):
            one.close_pool()  # or it would try to connect anew to a server that has stopped
    cluster: Cluster | None = settings.DATABASES["default"].get("EMBEDDED")
    if cluster is not None:
        cluster.release()
