"""The daily archive, where BACKUP_DIR says that there is to be one."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from portal.backup.services import backup_make

log = logging.getLogger(__name__)

if settings.BACKUP_DIR is not None:

    @app.periodic(cron="37 1 * * *")
    @app.task(name="backup.make", queueing_lock="backup.make", pass_context=False)
    def make(timestamp: int) -> None:
        """Failing loudly is the point: an error in the log, a failed job, and `manage.py backup --check` turns red."""
        assert settings.BACKUP_DIR is not None
        try:
            backup_make(directory=settings.BACKUP_DIR, public_keys=settings.BACKUP_RECIPIENTS)
        except Exception:
            log.exception("The daily backup was not made.")
            raise
