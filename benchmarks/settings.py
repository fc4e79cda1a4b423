"""Settings of a benchmark: those of production on the embedded database, without a limit on how often one signs in."""

from portal.settings import *  # noqa: F403 - everything as it is, but for what follows

ACCOUNT_RATE_LIMITS = False
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
