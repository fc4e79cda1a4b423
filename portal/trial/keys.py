"""The keys of a trial, made once and kept in its data directory."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from portal.database.embedded import make_data_directory


def secret_key(data_directory: Path) -> str:
    """What signs sessions and links, in ``<data directory>/secret-key``. Raises as `_kept` does."""
    return _kept(data_directory / "secret-key", "SECRET_KEY")


def factor_key(data_directory: Path) -> str:
    """What second factors are encrypted with, in ``<data directory>/factor-key``. Raises as `_kept` does."""
    return _kept(data_directory / "factor-key", "FACTOR_KEY")


def _kept(file: Path, variable: str) -> str:
    """The key in `file`, readable by its owner only; made when missing.

    Raises ImproperlyConfigured when the file cannot be made or read.
    """
    try:
        make_data_directory(file.parent)
        if not file.exists():
            _make(file)
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"The secret key in {file} cannot be made or read. Set PLENARY_DATA to a directory of your own, "
            f"or {variable} to a secret."
        ) from error
    if not key:
        raise ImproperlyConfigured(f"{file} should hold the secret key and is empty. Remove it, or set {variable}.")
    return key


def _make(file: Path) -> None:
    """Write the key elsewhere and link it into place, so that two processes that start together agree on one."""
    with NamedTemporaryFile("w", encoding="ascii", dir=file.parent, prefix=f"{file.name}.") as unfinished:  # mode 0600
        unfinished.write(get_random_secret_key())
        unfinished.flush()
        with suppress(FileExistsError):
            os.link(unfinished.name, file)
