"""``manage.py serve``: the web process of production, behind the reverse proxy."""

from __future__ import annotations

from portal.edge.server import LimitedServer  # isort: skip - first of all: it decides on Twisted's event loop

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    """Pages and sockets until SIGTERM; several of these stand side by side with REDIS_URL between them."""

    help = "Serve pages and sockets in production (the trial has `make run`)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--unix", metavar="PATH", help="a Unix socket instead of host and port")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped; a storage that is wrong stops the start."""
        self.check(tags=["storage"])
        where = f"tcp:port={options['port']}:interface={options['host'].replace(':', chr(92) + ':')}"
        if options["unix"]:
            where = f"unix:{options['unix']}:mode=660"
        LimitedServer(import_string(settings.ASGI_APPLICATION), endpoints=[where]).run()
