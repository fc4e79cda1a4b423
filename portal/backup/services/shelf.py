"""The directory of archives: which are kept, how old the newest is, and whether each is as it was written."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from portal.backup.failure import BackupFailed
from portal.backup.sealing import MAGIC

NAME: Final = re.compile(r"plenary-(\d{8}T\d{6}Z)\.age")
DAYS, WEEKS, MONTHS = 7, 4, 12
OLDEST: Final = timedelta(hours=26)
"""A daily archive that is older has not been made."""


@dataclass(frozen=True, order=True)
class Archive:
    """One archive; `made_at` is when it was begun (UTC), as its name says."""

    made_at: datetime
    path: Path

    @property
    def sum_file(self) -> Path:
        """Beside it, in the form of sha256sum: what it should add up to."""
        return self.path.with_name(f"{self.path.name}.sha256")


def name_of(moment: datetime) -> str:
    """The file name of an archive begun at `moment` (timezone-aware)."""
    return f"plenary-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.age"


def archives(directory: Path) -> list[Archive]:
    """The archives in `directory`, oldest first."""
    found = []
    for path in directory.glob("plenary-*.age"):
        if match := NAME.fullmatch(path.name):
            made_at = datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(Archive(made_at, path))
    return sorted(found)


def is_as_written(archive: Archive) -> None:
    """Read the archive and compare it with its sum; needs no key. Raises BackupFailed."""
    try:
        wanted = archive.sum_file.read_text(encoding="ascii").split()[0]
        with archive.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            magic = file.read(len(MAGIC))
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise BackupFailed(f"{archive.path.name} or its checksum cannot be read.") from error
    if found != wanted or magic != MAGIC:
        raise BackupFailed(f"{archive.path.name} is not as it was written: its checksum differs.")


def kept(moments: list[datetime]) -> set[datetime]:
    """Of these moments the newest of each of the last 7 days, 4 weeks and 12 months that have any."""
    wanted: set[datetime] = set()
    newest_first = sorted(moments, reverse=True)
    for form, most in (("%Y%m%d", DAYS), ("%G%V", WEEKS), ("%Y%m", MONTHS)):
        newest: dict[str, datetime] = {}
        for moment in newest_first:
            newest.setdefault(moment.strftime(form), moment)
        wanted |= set(list(newest.values())[:most])
    return wanted


def rotate(directory: Path) -> list[str]:
    """Remove the archives that are not kept any more; returns their names."""
    found = archives(directory)
    wanted = kept([archive.made_at for archive in found])
    gone = [archive for archive in found if archive.made_at not in wanted]
    for archive in gone:
        archive.path.unlink()
        archive.sum_file.unlink(missing_ok=True)
    return [archive.path.name for archive in gone]


def status(directory: Path, *, now: datetime) -> str:
    """A sentence about the newest archive, which was read and is as written. Raises BackupFailed where all is not well.

    `now` is timezone-aware.
    """
    found = archives(directory)
    if not found:
        raise BackupFailed(f"There is no archive in {directory}.")
    newest = found[-1]
    age = now - newest.made_at
    hours = int(age.total_seconds() // 3600)
    if age > OLDEST:
        raise BackupFailed(f"The newest archive, {newest.path.name}, is {hours} hours old.")
    is_as_written(newest)
    size = newest.path.stat().st_size
    return f"The newest archive, {newest.path.name}, is {hours} hours old, has {size} bytes and is as it was written."
