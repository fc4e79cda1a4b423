"""Typed reading of the environment variables by which Plenary is configured.

Each function reads one variable and returns a value of the right type, or raises
``django.core.exceptions.ImproperlyConfigured`` with the variable's name and what was expected.
A wrong value is repeated in the message only where it cannot be a secret: never for ``secret``,
nor for addresses, which may carry a password.

A variable that is set but empty counts as not set, because that is what ``NAME= command`` and
most container files mean by it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class _Required:
    """The type of ``REQUIRED``, so that ``None`` remains an ordinary default."""


REQUIRED: Final = _Required()

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})

_EMAIL_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_EMAIL_CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"
_EMAIL_DIRECTORY: Final = "django.core.mail.backends.filebased.EmailBackend"

# What libpq understands (PostgreSQL manual, 32.1.2) and an operator may want in the address.
# Anything else is a typing error, which libpq itself would report only at the first query.
_DATABASE_OPTIONS: Final = frozenset(
    {
        "application_name",
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "load_balance_hosts",
        "options",
        "require_auth",
        "ssl_min_protocol_version",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslnegotiation",
        "sslrootcert",
        "target_session_attrs",
        "tcp_user_timeout",
    }
)
_POSTGRESQL_PORT: Final = 5432
_POOL_SIZE: Final = 10
_BUCKET_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # the rule of Amazon S3, which all others keep


def _wrong(name: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"The environment variable {name} must be {expected}.")


def _raw(name: str) -> str | None:
    """The variable without surrounding white space; None where it is unset or empty."""
    value = os.environ.get(name, "").strip()
    return value or None


def _missing(name: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"The environment variable {name} is not set. It must be {expected}.")


def is_set(name: str) -> bool:
    """Whether the variable is set to anything but white space."""
    return _raw(name) is not None


def text(name: str, default: str | _Required = REQUIRED, *, choices: Sequence[str] = ()) -> str:
    """A string, one of ``choices`` where these are given."""
    expected = f"one of {', '.join(choices)}" if choices else "a text"
    value = _raw(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, expected)
        return default
    if choices and value not in choices:
        raise _wrong(name, f"{expected}, not {value!r}")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A switch: 1, true, yes, on or 0, false, no, off, in any case."""
    value = _raw(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise _wrong(name, f"a switch (1, true, yes, on or 0, false, no, off), not {value!r}")


def integer(
    name: str,
    default: int | _Required = REQUIRED,
    minimum: int | None = None,
    maximum: int | None = None,
) -> int:
    """A whole number in decimal digits, between ``minimum`` and ``maximum`` (both included)."""
    expected = "a whole number"
    if minimum is not None and maximum is not None:
        expected += f" from {minimum} to {maximum}"
    elif minimum is not None:
        expected += f" of at least {minimum}"
    elif maximum is not None:
        expected += f" of at most {maximum}"
    value = _raw(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, expected)
        return default
    # int() would also take "1_000", "١٢" and "+7", which are hardly what was meant.
    # The length is limited because Python refuses to convert numbers beyond 4300 digits.
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise _wrong(name, f"{expected}, not {value!r}")
    number = int(value)
    if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
        raise _wrong(name, f"{expected}, not {value!r}")
    return number


def names(name: str, default: Sequence[str] | _Required = REQUIRED) -> list[str]:
    """A list separated by commas, without white space around its elements."""
    value = _raw(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, "a list separated by commas")
        return list(default)
    elements = [element.strip() for element in value.split(",")]
    elements = [element for element in elements if element]
    if not elements:
        raise _wrong(name, "a list separated by commas, with at least one element")
    if any(re.search(r"\s", element) for element in elements):
        raise _wrong(name, f"a list separated by commas, without spaces inside an element, not {value!r}")
    return elements


def path(name: str, default: Path | _Required = REQUIRED) -> Path:
    """An absolute path; ``~`` is the home directory. Nothing is created or opened."""
    expected = "an absolute path"
    value = _raw(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, expected)
        return default
    if "\0" in value:
        raise _wrong(name, expected)
    try:
        found = Path(value).expanduser()
    except RuntimeError as error:
        raise _wrong(name, f"{expected} whose home directory exists, not {value!r}") from error
    if not found.is_absolute():
        raise _wrong(name, f"{expected}, not {value!r}")
    return found


def secret(name: str, default: str | _Required = REQUIRED, *, minimum_length: int = 0) -> str:
    """A secret, from the variable itself or from the file that ``<name>_FILE`` names.

    The file is how container platforms hand over secrets; its last line break is not part of
    the secret. The value never appears in a message.
    """
    expected = f"a secret of at least {minimum_length} characters" if minimum_length else "a secret"
    value, file_name = _raw(name), _raw(f"{name}_FILE")
    if value is not None and file_name is not None:
        raise ImproperlyConfigured(f"Only one of the environment variables {name} and {name}_FILE may be set.")
    if file_name is not None:
        try:
            value = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise _wrong(f"{name}_FILE", f"the path of a readable text file that holds {expected}") from error
        if not value:
            raise _wrong(f"{name}_FILE", f"the path of a file that holds {expected}; that file is empty")
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, f"{expected}, or {name}_FILE the path of a file that holds it")
        return default
    if len(value) < minimum_length:
        raise _wrong(name, expected)
    return value


def secrets(name: str, *, minimum_length: int = 0) -> list[str]:
    """Secrets separated by commas, from the variable or from the file that ``<name>_FILE`` names; [] where unset."""
    elements = [element.strip() for element in secret(name, default="").split(",")]
    elements = [element for element in elements if element]
    if any(len(element) < minimum_length for element in elements):
        raise _wrong(name, f"secrets of at least {minimum_length} characters, separated by commas")
    return elements


def _split(name: str, value: str, expected: str) -> SplitResult:
    """The parts of an address. The value is never repeated: it may carry a password."""
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        raise _wrong(name, f"{expected}, without spaces or control characters")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        # "from None": the original message may quote the address.
        del error
        raise _wrong(name, expected) from None
    return parts


def url(name: str, schemes: Sequence[str], default: str | _Required | None = REQUIRED) -> str | None:
    """An address with one of ``schemes`` and a host (or, for ``unix:``, a path), unchanged."""
    expected = f"an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    value = _raw(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, expected)
        return default
    parts = _split(name, value, expected)
    if parts.scheme not in schemes:
        raise _wrong(name, expected)
    if not parts.hostname and not (parts.scheme in {"unix", "file"} and parts.path):
        raise _wrong(name, f"{expected}, followed by a host")
    return value


def _query(name: str, parts: SplitResult, expected: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise _wrong(name, f"{expected}; the part after the question mark is not key=value") from None
    query = dict(pairs)
    if len(query) != len(pairs):
        raise _wrong(name, f"{expected}; an option appears twice")
    return query


def database(name: str, default: Mapping[str, Any] | _Required = REQUIRED) -> dict[str, Any]:
    """One entry of Django's DATABASES from ``postgresql://user:password@host:5432/name?sslmode=require``.

    Options after the question mark are libpq's, and three more: ``host`` (the directory of a Unix
    socket), ``pool`` (the greatest number of connections that each process keeps open, 10 where not
    given) and ``max_age`` (instead of ``pool``, seconds that a thread keeps its connection, 0 for one
    request; for servers behind a pooler of their own).

    ``default`` is a ready entry, used where the variable is not set.
    """
    expected = "an address like postgresql://user:password@host:5432/name"
    value = _raw(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, expected)
        return dict(default)
    parts = _split(name, value, expected)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise _wrong(name, f"{expected} (PostgreSQL is the one database that Plenary uses)")
    database_name = unquote(parts.path.removeprefix("/"))
    if not database_name or "/" in database_name:
        raise _wrong(name, f"{expected}; the name of the database is missing or wrong")
    options: dict[str, Any] = dict(_query(name, parts, expected))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    pool, max_age = options.pop("pool", None), options.pop("max_age", None)
    unknown = sorted(set(options) - _DATABASE_OPTIONS)
    if unknown:
        raise _wrong(name, f"{expected}; it has an unknown option: {', '.join(unknown)}")
    if pool is not None and max_age is not None:
        raise _wrong(name, f"{expected}; pool and max_age exclude each other")
    if max_age is None:
        # Under ASGI each request runs in a thread of its own, so only a pool can keep connections.
        size = _POOL_SIZE if pool is None else _option_number(name, "pool", pool, 1, 1000)
        options["pool"] = {"min_size": 1, "max_size": size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or _POSTGRESQL_PORT),
        "CONN_MAX_AGE": 0 if max_age is None else _option_number(name, "max_age", max_age, 0, 86400),
        "CONN_HEALTH_CHECKS": max_age is not None,
        "OPTIONS": options,
    }


def _option_number(name: str, option: str, value: str, minimum: int, maximum: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
        raise _wrong(name, f"an address whose option {option} is a whole number from {minimum} to {maximum}")
    return int(value)


def mail(name: str, default: str | _Required = REQUIRED) -> dict[str, Any]:
    """Django's EMAIL_* settings from one address.

    - ``smtp://user:password@host:587/?tls=1``: SMTP, with STARTTLS where ``tls=1`` (port 587, or
      25 without TLS);
    - ``smtps://user:password@host:465/``: SMTP within TLS from the first byte;
    - ``console:``: written to the standard output;
    - ``directory:///var/mail/plenary``: each mail a file in that directory.

    ``?timeout=10`` is the number of seconds to wait for the server (10 where not given).
    """
    expected = "smtp://user:password@host:587/?tls=1, smtps://user:password@host:465/, console: or directory:///path"
    value = _raw(name)
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name, expected)
        value = default
    parts = _split(name, value, expected)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": _EMAIL_CONSOLE}
    if parts.scheme == "directory":
        if parts.netloc or not parts.path.startswith("/"):
            raise _wrong(name, f"{expected}; the path of the directory must be absolute")
        return {"EMAIL_BACKEND": _EMAIL_DIRECTORY, "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme not in {"smtp", "smtps"}:
        raise _wrong(name, expected)
    return _smtp(name, parts, _query(name, parts, expected), expected)


def _smtp(name: str, parts: SplitResult, query: Mapping[str, str], expected: str) -> dict[str, Any]:
    if not parts.hostname or parts.path not in {"", "/"}:
        raise _wrong(name, f"{expected}; the host is missing or followed by a path")
    unknown = sorted(set(query) - {"tls", "timeout"})
    if unknown:
        raise _wrong(name, f"{expected}; it has an unknown option: {', '.join(unknown)}")
    start_tls = query.get("tls", "0").lower()
    if start_tls not in _TRUE | _FALSE:
        raise _wrong(name, f"{expected}; tls must be 1 or 0")
    within_tls = parts.scheme == "smtps"
    if within_tls and start_tls in _TRUE:
        raise _wrong(name, f"{expected}; tls=1 (STARTTLS) is for smtp://, smtps:// is encrypted from the start")
    if within_tls:
        usual_port = 465
    else:
        usual_port = 587 if start_tls in _TRUE else 25
    return {
        "EMAIL_BACKEND": _EMAIL_SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": start_tls in _TRUE,
        "EMAIL_USE_SSL": within_tls,
        "EMAIL_TIMEOUT": _option_number(name, "timeout", query.get("timeout", "10"), 1, 600),
    }


def bucket(name: str) -> dict[str, Any] | None:
    """Where a bucket is, from ``s3://bucket?endpoint=https://s3.example.org&region=eu-central-1``; None where unset.

    Options after the question mark: ``endpoint`` (without it Amazon's own, which then needs ``region``), ``region``
    (us-east-1 where not given: what most others call theirs) and ``style``, how the bucket is named to the server:
    ``path`` (https://endpoint/bucket; usual at an endpoint of one's own) or ``virtual`` (https://bucket.endpoint).
    The result has the names that django-storages gives to its options. The key is said elsewhere, and refused here.
    """
    expected = "an address like s3://bucket?endpoint=https://s3.example.org&region=eu-central-1"
    value = _raw(name)
    if value is None:
        return None
    parts = _split(name, value, expected)
    if parts.scheme != "s3":
        raise _wrong(name, expected)
    if "@" in parts.netloc:
        raise _wrong(name, f"{expected}, without the key")
    if not _BUCKET_NAME.fullmatch(parts.netloc) or parts.path not in {"", "/"} or parts.fragment:
        raise _wrong(name, f"{expected}; the name of the bucket is wrong or followed by a path")
    query = _query(name, parts, expected)
    unknown = sorted(set(query) - {"endpoint", "region", "style"})
    if unknown:
        raise _wrong(name, f"{expected}; it has an unknown option: {', '.join(unknown)}")
    endpoint, region, style = (query.get(option) or None for option in ("endpoint", "region", "style"))
    if endpoint is None and region is None:
        raise _wrong(name, f"{expected}; endpoint is missing (or region, for Amazon)")
    if endpoint is not None and not _is_endpoint(endpoint):
        raise _wrong(name, f"{expected}; endpoint must be https:// or http:// and a host, with nothing behind it")
    if region is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,60}", region):
        raise _wrong(name, f"{expected}; region must be letters, digits and hyphens")
    if style not in {None, "path", "virtual"}:
        raise _wrong(name, f"{expected}; style must be path or virtual")
    return {
        "bucket_name": parts.netloc,
        "endpoint_url": endpoint,
        "region_name": region or "us-east-1",
        "addressing_style": style,
    }


def _is_endpoint(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    bare = parts.path in {"", "/"} and not parts.query and not parts.fragment and "@" not in parts.netloc
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and bare
