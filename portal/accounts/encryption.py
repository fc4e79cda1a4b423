"""Secrets that must be readable again are kept encrypted in the database: those of second factors, and others.

Their keys are `FACTOR_KEY` and `FACTOR_KEY_FALLBACKS`, which are kept outside the database and have nothing to do with
SECRET_KEY: a copy of the database opens nothing, and either key can be changed without the other. From each key one
more is derived for every purpose (HKDF, RFC 5869), so that what was closed for one purpose does not open for another.
What is closed is a Fernet token (AES-128-CBC with HMAC-SHA256); it shows when it was made.

Whoever keeps something closed announces a `SealedStore`, or `manage.py rotate_factor_key` would leave it behind.
"""

import base64
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FACTORS: Final = "second factors"
"""The purpose of the secrets of authenticator apps and of the seeds of recovery codes."""


@lru_cache(maxsize=32)
def _keys(secrets: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([_key(secret, purpose) for secret in secrets])


def _key(secret: str, purpose: str) -> Fernet:
    info = f"portal.accounts.encryption: {purpose}".encode()
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _box(purpose: str) -> MultiFernet:
    return _keys((settings.FACTOR_KEY, *settings.FACTOR_KEY_FALLBACKS), purpose)


def encrypt(text: str, *, purpose: str) -> str:
    """`text` closed with the current key, as ASCII. `purpose`: English words that stay the same for ever."""
    return _box(purpose).encrypt(text.encode()).decode("ascii")


def decrypt(closed: str, *, purpose: str) -> str:
    """What `encrypt` closed for the same purpose. Raises ValueError where no known key opens it."""
    try:
        return _box(purpose).decrypt(closed.encode()).decode()
    except InvalidToken as error:
        raise ValueError("none of the keys opens this") from error


def rotate(closed: str, *, purpose: str) -> str:
    """The same text closed with the current key. Raises ValueError where no known key opens it."""
    try:
        return _box(purpose).rotate(closed.encode()).decode("ascii")
    except InvalidToken as error:
        raise ValueError("none of the keys opens this") from error
