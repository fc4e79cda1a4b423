"""Settings of Plenary, all in one place, every deployment value read from the environment by name.

Three ways of running, told apart by two flags:

* production: neither flag; `SECRET_KEY`, `DATABASE_URL`, `ALLOWED_HOSTS` and `EMAIL_URL` must be given;
* `TRIAL=1` (set by `make run`): one process on this machine, embedded PostgreSQL, a secret key kept in the data
  directory, and the demonstration network;
* `TESTING=1` (set by pytest): as production as can be, on the embedded test cluster.
"""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import environment as env
from portal.database.embedded import database
from portal.trial.keys import factor_key, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("PLENARY_DATA", default=BASE_DIR / ".plenary")

TRIAL = env.flag("TRIAL", default=False)
TESTING = env.flag("TESTING", default=False)
DEMONSTRATION = env.flag("DEMONSTRATION", default=TRIAL)
if DEMONSTRATION and not (TRIAL or TESTING):
    raise ImproperlyConfigured("DEMONSTRATION may only be set together with TRIAL: its passwords are public.")
DEBUG = env.flag("DEBUG", default=False)

if TRIAL or TESTING:
    SECRET_KEY = env.secret("SECRET_KEY", default="") or secret_key(DATA_DIR)
    FACTOR_KEY = env.secret("FACTOR_KEY", default="") or factor_key(DATA_DIR)
    DATABASES = {
        "default": env.database("DATABASE_URL") if env.is_set("DATABASE_URL") else database(DATA_DIR, testing=TESTING)
    }
    ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
else:
    SECRET_KEY = env.secret("SECRET_KEY", minimum_length=50)
    FACTOR_KEY = env.secret("FACTOR_KEY", minimum_length=50)
    DATABASES = {"default": env.database("DATABASE_URL")}
    ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")

# Second factors are encrypted with the first and opened with any; `manage.py rotate_factor_key` moves them all to it.
FACTOR_KEY_FALLBACKS = env.secrets("FACTOR_KEY_FALLBACKS", minimum_length=50)

PUBLIC_ADDRESS = str(
    env.url("PUBLIC_ADDRESS", ["http", "https"], default=f"http://localhost:{env.integer('PORT', 8000, 1, 65535)}")
).rstrip("/")
NETWORK_NAME = env.text("NETWORK_NAME", default="Plenary")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "django_filters",
    "django_htmx",
    "guardian",
    "procrastinate.contrib.django",
    "template_partials",
    # the floor
    "portal.accounts",
    "portal.access",
    "portal.audit",
    "portal.database",
    "portal.edge",
    "portal.trial",
    "portal.files",
    "portal.idempotency",
    "portal.live",
    "portal.notifications",
    "portal.privacy",
    "portal.search",
    "portal.secretariat",
    "portal.tasks",
    "portal.ui",
    "portal.backup",
    "portal.home",
    # who
    "memberships.organisations",
    "memberships.people",
    "memberships.directory",
    # where
    "workspaces.groups",
    "workspaces.chat",
    "workspaces.files",
    "workspaces.calendar",
    "workspaces.tasks",
    # last, so that every app's ready() has run when wiring is discovered
    "portal.wiring_discovery",
]
if DEMONSTRATION:
    INSTALLED_APPS.insert(-1, "portal.demonstration")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # what sets headers stands outside all that may answer: static files, refusals, redirects
    "portal.access.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.ui.middleware.CompressionMiddleware",
    # outside all transactions: nobody is to wait for what it writes
    "portal.accounts.middleware.LastSeenMiddleware",
    # outside the session's: what sessions, messages and sign-in write belongs to the transaction of the act
    "portal.idempotency.middleware.RepeatableWritesMiddleware",
    "portal.accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.ui.middleware.ReadableInputMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.audit.middleware.RecordMiddleware",
    "portal.accounts.middleware.PreferencesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.known_devices.KnownDeviceMiddleware",
    # innermost of what opens a transaction: it looks whether the session still lives when all is done
    "portal.accounts.middleware.SessionAtTheEndMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
WSGI_APPLICATION = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.context_processors.page_frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "portal.ui.templatetags.ui",
                "portal.idempotency.templatetags.idempotency",
            ],
        },
    }
]
FORM_RENDERER = "portal.ui.renderer.PlenaryRenderer"

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "portal.access.backends.Backend",  # allauth's
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 0  # no proof is fresh by allauth's rule; ours is portal.access.stepup
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if PUBLIC_ADDRESS.startswith("http:") else "https"
ACCOUNT_SESSION_REMEMBER = False
# Beside allauth's own. An address may be written to a second time at once: who gave it up may want it back.
ACCOUNT_RATE_LIMITS = {"invitation": "20/m/ip", "lock_down": "20/m/ip", "confirm_email": "3/180s/key"}
# Guesses at passwords and codes have limits of our own, in the database: see `portal.accounts.services.guesses`.
ACCOUNT_RATE_LIMITS |= dict.fromkeys(("login", "login_failed"), "")
REFUSAL_WAIT = 0.0 if TESTING else 0.2  # seconds at most; hides how long it took to look for the address
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.sign_in.SignInForm",
    "reauthenticate": "portal.accounts.forms.sign_in.ReauthenticateForm",
    "add_email": "portal.accounts.forms.sign_in.AddressForm",
    "change_password": "portal.accounts.forms.sign_in.PasswordChangeForm",
    "set_password": "portal.accounts.forms.sign_in.PasswordSetForm",
    "reset_password": "portal.accounts.forms.sign_in.PasswordResetForm",
    "reset_password_from_key": "portal.accounts.forms.sign_in.PasswordFromKeyForm",
}
PASSWORD_RESET_TIMEOUT = 12 * 3600  # seconds
MFA_ADAPTER = "portal.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.factors.CodeForm",
    "reauthenticate": "portal.accounts.forms.factors.CodeAgainForm",
    "activate_totp": "portal.accounts.forms.factors.ActivateAppForm",
    "add_webauthn": "portal.accounts.forms.factors.PasskeyAddForm",
    "edit_webauthn": "portal.accounts.forms.factors.PasskeyRenameForm",
    "login_webauthn": "portal.accounts.forms.factors.PasskeySignInForm",
    "authenticate_webauthn": "portal.accounts.forms.factors.PasskeyFactorForm",
    "reauthenticate_webauthn": "portal.accounts.forms.factors.PasskeyAgainForm",
}
# Every account begins with a proven address, so a pending change of address takes nobody's account hostage.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 0  # not asked: `portal.accounts.services.factors` decides which codes count
MFA_TOTP_ISSUER = NETWORK_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRIAL or TESTING  # browsers allow passkeys on http://localhost
USERSESSIONS_TRACK_ACTIVITY = False  # LastSeenMiddleware does it without writing at every request
GUARDIAN_RAISE_403 = True
ANONYMOUS_USER_NAME = None  # guardian's anonymous row: nobody anonymous is ever granted anything

# Cookies and headers
SECURE = PUBLIC_ADDRESS.startswith("https:")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.ui.views.csrf_failure"
KNOWN_DEVICE_COOKIE_NAME = "__Host-known-device" if SECURE else "known-device"
LANGUAGE_COOKIE_NAME = "language"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("PROXY_COUNT", default=1, minimum=1)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# Names of addresses that take a write without an idempotency key, each with its reason (docs/decisions/0007).
WRITES_WITHOUT_KEY = {
    "account_logout": "signing out works from a page of any age, and twice is the same as once",
    "set_language": "choosing a language twice is the same as once",
    "live:command": "its key is that of the command, the same over the socket, and taken where the command is done",
    "notifications:stop": "a mail program sends it without having seen a form (RFC 8058); twice is the same as once",
}
# What a request may carry; the import of organisations raises its own limit in its view's upload handler.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_PERMISSIONS = 0o600
# Of files that people put into their groups, in megabytes: one file (and all that are sent at once), and what a group
# may keep where the Secretariat has not set another figure for it.
UPLOAD_MOST_MB = env.integer("UPLOAD_MOST_MB", default=50, minimum=1, maximum=2_000)
GROUP_SPACE_MB = env.integer("GROUP_SPACE_MB", default=2_000, minimum=1)
# ClamAV's daemon, which looks at each upload; where it is set and does not answer nothing is taken.
CLAMD_URL = env.url("CLAMD_URL", schemes=["tcp", "unix"], default="")

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

# Static and uploaded files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING
MEDIA_ROOT = DATA_DIR / "files"
BUCKET = env.bucket("FILES_URL")  # none: uploads are in MEDIA_ROOT
if BUCKET:
    BUCKET |= {"access_key": env.secret("FILES_KEY_ID"), "secret_key": env.secret("FILES_SECRET_KEY")}
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "portal.files.bucket.BucketStorage", "OPTIONS": BUCKET}
    if BUCKET
    else {"BACKEND": "portal.files.storage.DurableStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "portal.ui.storage.StaticFiles"
    },
}

# Keeping: where archives are written (none: no daily one), and the public keys that they are closed with
BACKUP_DIR = env.path("BACKUP_DIR") if env.is_set("BACKUP_DIR") else None
BACKUP_RECIPIENTS = env.names("BACKUP_RECIPIENTS", default=[])

# Live, cache, jobs
REDIS_URL = env.url("REDIS_URL", schemes=["redis", "rediss"], default="")
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "portal.accounts.sessions"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# The record's head is noted here, outside the database; in production on another disk.
AUDIT_ANCHOR = env.path("AUDIT_ANCHOR", default=DATA_DIR / "audit-anchor")
AUDIT_ANCHOR_KEY = env.secret("AUDIT_ANCHOR_KEY", default="", minimum_length=32)

# Mail
if DEMONSTRATION:
    EMAIL_BACKEND = "portal.demonstration.mail.OutboxBackend"
elif TESTING:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
else:
    globals().update(env.mail("EMAIL_URL", default="console:" if TRIAL else env.REQUIRED))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", default=f"{NETWORK_NAME} <portal@localhost>")

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING", choices=LOG_LEVELS)},
}
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; the real one is tested by name
