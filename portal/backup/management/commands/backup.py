"""``manage.py backup`` (`make backup`): one encrypted archive; with --check, how the newest one is."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.backup.failure import BackupFailed
from portal.backup.sealing import identity_in
from portal.backup.services import archive_verify, archives, backup_make, status


class Command(BaseCommand):
    """Ends with status 1 and a sentence whenever there is not one more archive that is as it should be."""

    help = "Write an encrypted archive of database and files to BACKUP_DIR; --check looks at the newest one instead."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, whether to look only, and the key for looking inside."""
        parser.add_argument("--to", type=Path, help="the directory of archives (BACKUP_DIR where not given)")
        parser.add_argument("--check", action="store_true", help="the newest archive: is it young, is it as written")
        parser.add_argument("--key", type=Path, help="the opening key: the archive is read to its end too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make one, or look at the newest."""
        directory = options["to"] or settings.BACKUP_DIR
        if directory is None:
            raise CommandError("BACKUP_DIR is not set. It must be the directory where archives are to be written.")
        try:
            if options["check"]:
                self.stdout.write(status(directory, now=timezone.now()))
            else:
                self._make(directory)
            if options["key"]:
                told = archive_verify(archives(directory)[-1].path, identity_in(options["key"]))
                self.stdout.write(f"Opened and read to its end: {len(told.tables)} tables, {len(told.files)} files.")
        except BackupFailed as error:
            raise CommandError(str(error), returncode=1) from error

    def _make(self, directory: Path) -> None:
        made = backup_make(directory=directory, public_keys=settings.BACKUP_RECIPIENTS)
        self.stdout.write(
            f"{made.archive.path}: {made.bytes} bytes, {made.rows} rows, {made.files} files; read back and as written."
        )
        for name in made.rotated:
            self.stdout.write(f"Not kept any more: {name}")
        if made.missing:
            raise BackupFailed(
                f"The archive was written, but {len(made.missing)} files that the database names are missing or "
                f"damaged: {', '.join(made.missing[:5])}"
            )
