"""Test databases on the embedded cluster: made from a migrated template, one for each process.

Migrations run once, into a template named after everything that decides their outcome; each test
process gets a copy of it, in a fraction of a second, and Django finds nothing left to migrate.
A template that fits is kept from one run to the next.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

from portal.database.embedded import Cluster

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATE_PREFIX = "template_"
TEST_PREFIX = "run_"
TEMPLATES_KEPT = 3
# Any number, the same in all processes: who holds it makes or removes databases.
ADVISORY_LOCK = 104_104


def embedded_cluster() -> Cluster | None:
    """The test cluster; None where DATABASE_URL names another server."""
    cluster: Cluster | None = settings.DATABASES["default"].get("EMBEDDED")
    return cluster


def use_migrated_copy(cluster: Cluster, worker: str) -> None:
    """Make Django's test database of this process a copy of the migrated template.

    Its name carries the process that started the tests, so that several runs can share the cluster.
    """
    with _administration(cluster) as administration:
        test = connection.settings_dict["TEST"]
        test["TEMPLATE"] = _migrated_template(administration)
        run = os.environ.setdefault("PLENARY_TEST_RUN", str(os.getpid()))
        test["NAME"] = f"{TEST_PREFIX}{run}_{worker}"


# What migrations and their signals fill, once for all tests.
KEPT = {"django_content_type", "auth_permission"}
# In the order in which their rows may go; no app of ours has models for them.
QUEUE = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")


def empty_quickly() -> None:
    """Clean up after tests that commit by deleting what they wrote.

    Django empties every table with TRUNCATE and fills content types and permissions anew: half a second after each of
    hundreds of tests, most of which wrote into ten tables of a hundred.
    """
    TransactionTestCase._fixture_teardown = _emptied  # type: ignore[method-assign]


def _emptied(_test: TransactionTestCase) -> None:
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")"  # noqa: S608 - our tables
        for name in (*QUEUE, *names)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
        written = {name for (name,) in cursor.fetchall()}
        # The record's triggers refuse it to everybody; the owner of the tables takes them away for the moment.
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'audit_%'")
        triggers = [(table, name) for table, name in cursor.fetchall() if table in written]
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        for name in (*(name for name in QUEUE if name in written), *sorted(written - {*QUEUE})):
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 - our tables
        if triggers:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # ALTER TABLE waits for none that is due later
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove_left_over_databases(cluster: Cluster) -> None:
    """Remove the databases of runs that were killed, and all but the newest templates."""
    with _administration(cluster) as administration:
        rows = administration.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
        names = [str(name) for (name,) in rows]
        runs = [name for name in names if name.startswith(TEST_PREFIX)]
        templates = [name for name in names if name.startswith(TEMPLATE_PREFIX)]
        for name in [run for run in runs if not psutil.pid_exists(int(run.split("_")[1]))] + templates[TEMPLATES_KEPT:]:
            administration.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def reachable_directory(directory: Path) -> Path:
    """``directory``, which pytest closed to others, opened for the server's user where this is root."""
    if os.geteuid() == 0:
        for path in [directory, *directory.parents]:
            if not path.stat().st_mode & 0o001:
                path.chmod(0o711)
    return directory


@contextmanager
def _administration(cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    cluster.attach()
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
        administration.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        yield administration


def _migrated_template(administration: psycopg.Connection[Any]) -> str:
    name = TEMPLATE_PREFIX + _fingerprint()
    if administration.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return name
    unfinished = f"{TEST_PREFIX}{os.getpid()}_template"
    identifier = sql.Identifier(unfinished)
    administration.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
    administration.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    administration.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(identifier, sql.Identifier(name)))
    return name


def _fingerprint() -> str:
    """A digest of what decides how a migrated database looks."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    models = [path for path in PROJECT.glob("*/**/*.py") if {"migrations", "models"} & {path.stem, path.parent.name}]
    for path in sorted([*models, PROJECT / "requirements.lock"]):
        if ".venv" not in path.parts:
            digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
