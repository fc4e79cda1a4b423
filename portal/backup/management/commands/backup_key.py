"""``manage.py backup_key FILE``: a new pair of keys for archives. The file is then carried away from this machine."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pyrage
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """age-keygen does the same."""

    help = "Write a new opening key to FILE and print the public key for BACKUP_RECIPIENTS."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """An existing file is never overwritten: it may be the only key to old archives."""
        identity = pyrage.x25519.Identity.generate()
        public = str(identity.to_public())
        try:
            descriptor = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be made: {error.strerror}.") from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"# public key: {public}\n{identity}\n")
        self.stdout.write(f"BACKUP_RECIPIENTS={public}")
        self.stderr.write(
            f"Move {options['file']} to where no archive is kept, print it as well, and remove it here. "
            "Without it no archive can be opened."
        )
