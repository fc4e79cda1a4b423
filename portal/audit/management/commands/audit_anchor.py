"""``manage.py audit_anchor``: note the head of the record outside the database, now."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.audit import anchor


class Command(BaseCommand):
    """What the job does every five minutes, by hand."""

    help = "Add a line with the record's head to the anchor, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether a backup was restored."""
        parser.add_argument("--anchor", type=Path, help="the anchor's file (AUDIT_ANCHOR where not given)")
        parser.add_argument(
            "--restored",
            default="",
            metavar="WORDS",
            help="a backup was restored, so the record may end earlier: which",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the head; CommandError where the record does not fit the anchor."""
        path = options["anchor"] or settings.AUDIT_ANCHOR
        try:
            line = anchor.append(path, restored=options["restored"].strip())
        except anchor.AnchorBroken as error:
            raise CommandError(f"{error} Run audit_verify.", returncode=1) from error
        except OSError as error:
            raise CommandError(f"The anchor {path} cannot be written: {error.strerror}.", returncode=2) from error
        self.stdout.write(f"{line.head.number}:{line.head.hash}")
