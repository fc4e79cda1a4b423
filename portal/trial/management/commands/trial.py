"""``manage.py trial``: what ``make run`` runs."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal import environment as env
from portal.trial import process
from portal.trial.preparation import ACCOUNTS_COMMAND, NotReadyError, prepare, release_database


class Command(BaseCommand):
    """The whole of Plenary in one process, for trying it and for developing it."""

    help = "Start Plenary with everything it needs on this machine (make run)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, serve until stopped, and leave nothing running."""
        port = env.integer("PORT", default=8000, minimum=1, maximum=65535)
        if "MAKELEVEL" in os.environ:
            process.end_with_parent()
        if not process.port_is_free(port):
            raise CommandError(
                f"Port {port} is taken by another program, perhaps by Plenary itself. "
                f"Stop that one, or choose another port: make run PORT={port + 1 if port < 65535 else 8000}"
            )
        signal.signal(signal.SIGTERM, _interrupt)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # not under nohup
            signal.signal(signal.SIGHUP, _terminal_closed)
        try:
            prepare(self._say)
            process.serve(port, self._ready)
        except NotReadyError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            pass  # before the web server took over the signals
        finally:
            # A second Ctrl-C must not leave the database server behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            release_database()
        self._say("Stopped.")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _ready(self, status: int) -> None:
        if status >= 500:
            self._say(f"Plenary runs, but its first page fails with the status {status}; the lines above say why.")
        self._say(f"\nPlenary runs on {settings.PUBLIC_ADDRESS}")
        if settings.DEMONSTRATION and ACCOUNTS_COMMAND in get_commands():
            call_command(ACCOUNTS_COMMAND, stdout=self.stdout)
            connections.close_all()  # those of this thread, which ends
        self._say("Ctrl-C stops it.\n")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _terminal_closed(number: int, frame: FrameType | None) -> None:
    """The web server knows SIGTERM and not SIGHUP, which would end this process without its database."""
    os.kill(os.getpid(), signal.SIGTERM)
