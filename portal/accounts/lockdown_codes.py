"""The codes that lock an account: to be written on paper, read out on the telephone, typed on any keyboard.

Sixteen signs of Crockford's base 32 (https://www.crockford.com/base32.html), which has no letters that look like
digits: 80 random bits, so that a plain hash is enough to store. No key of ours goes into the hash: a code that somebody
has carried for years must work on the day it is needed, whatever keys were changed meanwhile.
"""

import hashlib
import secrets
import unicodedata
from typing import Final

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 16
_LOOKS_LIKE: Final = str.maketrans("OIL", "011")


def new_code() -> str:
    """Such as "7KQM-2F0X-9D3T-HV5A"."""
    signs = [secrets.choice(SIGNS) for _ in range(LENGTH)]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, LENGTH, 4))


def code_hash(typed: str) -> str:
    """What is stored of a code, however it was typed: case, spaces, hyphens and the digits of any script."""
    signs = "".join(str(unicodedata.digit(sign, sign)) for sign in unicodedata.normalize("NFKC", typed).upper())
    plain = "".join(sign for sign in signs.translate(_LOOKS_LIKE) if sign in SIGNS)
    return hashlib.sha256(f"plenary lock-down {plain}".encode()).hexdigest()


def written_plainly(email: str) -> str:
    """An address as it is compared."""
    return email.strip().lower()


def address_hash(email: str) -> str:
    """What is stored of the address beside a code."""
    return hashlib.sha256(f"plenary lock-down of {written_plainly(email)}".encode()).hexdigest()
