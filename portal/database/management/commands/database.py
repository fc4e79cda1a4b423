"""``manage.py database``: look after the embedded PostgreSQL."""

from __future__ import annotations

import os
import subprocess
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.database import programs
from portal.database.embedded import Cluster
from portal.database.programs import EmbeddedDatabaseError
from portal.database.server import DATABASE, PORT, ROLE


class Command(BaseCommand):
    """start, stop, status and shell of the embedded PostgreSQL."""

    help = "Start, stop or look at the embedded PostgreSQL (used while DATABASE_URL is not set)."
    # None of this needs the project to be in order; it may be just what puts it in order.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word says what to do."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="start|stop|status|shell")
        actions.add_parser("start", help="start the server and leave it running until stopped")
        stop = actions.add_parser("stop", help="stop the server, unless another process uses it")
        stop.add_argument("--now", action="store_true", help="stop it even while other processes use it")
        actions.add_parser("status", help="say whether the server runs, where, and with what data")
        shell = actions.add_parser("shell", help="open psql on the database")
        shell.add_argument("arguments", nargs="*", help="arguments for psql, after --")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the action; CommandError says what went wrong."""
        cluster: Cluster | None = connections.settings["default"].get("EMBEDDED")
        if cluster is None:
            raise CommandError("DATABASE_URL is set, so the embedded PostgreSQL is not in use.")
        try:
            getattr(self, options["action"])(cluster, options)
        except EmbeddedDatabaseError as error:
            raise CommandError(str(error)) from error

    def start(self, cluster: Cluster, options: dict[str, Any]) -> None:
        """Start the server and leave it running."""
        cluster.keep()
        self.stdout.write(f"The embedded PostgreSQL runs until `manage.py database stop`.\n{cluster.url()}")

    def stop(self, cluster: Cluster, options: dict[str, Any]) -> None:
        """Stop the server."""
        if cluster.server.pid() is None:
            self.stdout.write("The embedded PostgreSQL does not run.")
        elif cluster.stop(now=options["now"]):
            self.stdout.write("The embedded PostgreSQL has stopped.")
        else:
            self.stdout.write(
                "Other processes use the embedded PostgreSQL; it stops with the last of them. "
                "To stop it at once: manage.py database stop --now"
            )

    def status(self, cluster: Cluster, options: dict[str, Any]) -> None:
        """Say whether the server runs."""
        pid = cluster.server.pid()
        if pid is None:
            self.stdout.write(f"The embedded PostgreSQL does not run. Its data: {cluster.directory}")
            return
        use = "in use" if cluster.in_use() else "used by no process"
        kept = ", until stopped" if cluster.kept() else ", until the last process that uses it ends"
        self.stdout.write(f"The embedded PostgreSQL runs (process {pid}), {use}{kept}.\n{cluster.url()}")

    def shell(self, cluster: Cluster, options: dict[str, Any]) -> None:
        """Open psql; its exit status is this command's."""
        cluster.attach()
        psql = programs.installed() / "psql"
        host = str(cluster.server.socket_directory)
        command = [psql, "-h", host, "-p", str(PORT), "-U", ROLE, "-d", DATABASE, *options["arguments"]]
        status = subprocess.run(command, env={**os.environ, "PGOPTIONS": ""}, check=False).returncode
        if status != 0:
            raise CommandError(f"psql ended with status {status}.", returncode=status)
