"""Settings of this scenario: those of benchmarks, with a room to write in (`tests.portal.live.stage`)."""

from benchmarks.settings import *  # noqa: F403 - everything as it is, but for what follows
from benchmarks.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS.insert(-1, "tests.portal.live.stage")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
