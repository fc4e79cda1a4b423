"""Settings of the tests: those of production on the embedded test cluster, deaf to the shell's variables.

DATABASE_URL and PLENARY_DATA alone are heard: the one names another PostgreSQL server, the other
the directory of the embedded one.
"""

import os

for _name in [
    "TRIAL", "DEMONSTRATION", "DEBUG", "SECRET_KEY", "SECRET_KEY_FILE", "FACTOR_KEY", "FACTOR_KEY_FILE",
    "FACTOR_KEY_FALLBACKS", "FACTOR_KEY_FALLBACKS_FILE", "ALLOWED_HOSTS", "PORT", "PUBLIC_ADDRESS",
    "NETWORK_NAME", "REDIS_URL", "EMAIL_URL", "EMAIL_FROM", "BEHIND_PROXY", "PROXY_COUNT", "LOG_LEVEL",
    "AUDIT_ANCHOR", "AUDIT_ANCHOR_KEY",
    "BACKUP_DIR", "BACKUP_RECIPIENTS", "UPLOAD_MOST_MB", "GROUP_SPACE_MB", "CLAMD_URL",
    "FILES_URL", "FILES_KEY_ID", "FILES_KEY_ID_FILE", "FILES_SECRET_KEY", "FILES_SECRET_KEY_FILE",
]:  # fmt: skip
    os.environ.pop(_name, None)
os.environ["TESTING"] = "1"
os.environ["SECRET_KEY"] = "a key for tests only, the same in every process"
os.environ["FACTOR_KEY"] = "a key of second factors for tests only, the same in every process"

from portal.settings import *  # noqa: E402, F403 - the variables above come first
from portal.settings import DATA_DIR, DATABASES  # noqa: E402

# A pool would keep connections to a database that the end of the tests removes.
DATABASES["default"]["OPTIONS"].pop("pool", None)

# What tests upload goes where nothing else is, one directory for each process; tests/conftest.py removes it.
MEDIA_ROOT = DATA_DIR / "test-files" / str(os.getpid())
AUDIT_ANCHOR = MEDIA_ROOT / "audit-anchor"
