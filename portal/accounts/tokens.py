"""The tokens of invitation links.

A token is made from a random seed and the secret key, and only its hash is stored. The job that mails the link
carries the seed, so that neither the database nor a copy of it ever holds a link that works.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac


def new_seed() -> str:
    """Something random that a token can be made from."""
    return secrets.token_urlsafe(32)


def token_of(seed: str) -> str:
    """The token a seed stands for: 32 bytes in 43 characters, which nobody can make without the secret key."""
    digest = salted_hmac("portal.accounts.invitation", seed, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(token: str, stored_hash: str) -> bool:
    """Whether `stored_hash` is that of `token`."""
    return hmac.compare_digest(stored_hash, token_hash(token))
