"""Settings of the servers that tests of the live floor start: those of production with the stage."""

from portal.settings import *  # noqa: F403 - everything as it is, but for what follows
from portal.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS.insert(-1, "tests.portal.live.stage")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
