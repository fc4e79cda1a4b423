"""``manage.py restore ARCHIVE --key FILE`` (`make restore`): everything back from an archive, and the comparison."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.backup.failure import BackupFailed
from portal.backup.sealing import identity_in
from portal.backup.services import restore


class Command(BaseCommand):
    """Run it while neither web process nor worker runs. Ends with status 1 where anything differs."""

    help = "Restore database and files from an archive: verified before anything is touched, compared afterwards."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What from, and whether over what is there."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("--key", type=Path, required=True, help="the file with the opening key")
        parser.add_argument("--over", action="store_true", help="replace the database and the files that are there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, compare, say what was found."""
        try:
            found = restore(archive=options["archive"], identity=identity_in(options["key"]), over=options["over"])
        except BackupFailed as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"Restored what was there at {found.told.made_at}.")
        for what, figure in found.figures.items():
            self.stdout.write(f"  {what}: {figure}")
        for name in found.told.removed:
            self.stdout.write(f"  removed while the backup ran: {name}")
        for name in found.told.missing:
            self.stdout.write(f"  missing already when the backup was made: {name}")
        if found.differences:
            raise CommandError("Not everything is as it was:\n  " + "\n  ".join(found.differences), returncode=1)
        self.stdout.write("Everything is as it was. Everybody signs in anew: sessions are not kept.")
        call_command("migrate", verbosity=0, interactive=False)  # of a version that is newer than the archive
