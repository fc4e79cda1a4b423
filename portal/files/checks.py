"""The system check of the bucket: made before web process and worker start, and by `manage.py check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.files.storage import default_storage

from portal.files.storage import StorageAway

STORAGE: Final = "storage"


def storage_is_usable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A wrong bucket stops the start. One that does not answer is only told: everything but files works without it."""
    if not settings.BUCKET:
        return []
    try:
        sentence = default_storage.wrong()  # type: ignore[attr-defined]  # BucketStorage, which nobody imports
    except StorageAway as error:
        return [
            checks.Warning(str(error), hint="Until it answers, files can be neither added nor opened.", id="files.W001")
        ]
    return [checks.Error(sentence, id="files.E001")] if sentence else []
