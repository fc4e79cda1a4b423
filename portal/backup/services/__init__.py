"""Making archives, looking after them, and restoring from one."""

from portal.backup.services.make import Made, backup_make
from portal.backup.services.reading import archive_verify
from portal.backup.services.restore import Restored, restore
from portal.backup.services.shelf import Archive, archives, rotate, status

__all__ = [
    "Archive", "Made", "Restored", "archive_verify", "archives", "backup_make", "restore", "rotate", "status",
]  # fmt: skip
