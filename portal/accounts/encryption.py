"""Secrets that must be readable again (those of second factors) are kept encrypted in the database.

The keys come from SECRET_KEY and SECRET_KEY_FALLBACKS, so a copy of the database alone opens nothing, and a changed
SECRET_KEY still opens what the old one closed as long as it is named among the fallbacks.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


def _key(secret: str | bytes) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"portal.accounts.encryption")
    return Fernet(base64.urlsafe_b64encode(derived.derive(force_bytes(secret))))


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def encrypt(text: str) -> str:
    """`text` closed with the current key, as ASCII."""
    return _keys().encrypt(text.encode()).decode("ascii")


def decrypt(closed: str) -> str:
    """What `encrypt` closed. Raises ValueError where no known key opens it."""
    try:
        return _keys().decrypt(closed.encode()).decode()
    except InvalidToken as error:
        raise ValueError("none of the secret keys opens this") from error
