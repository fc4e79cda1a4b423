"""What the drill of secrets and of enumeration runs inside the portal's own settings: `python -m drills._secrets`."""

from __future__ import annotations

import json
import re
import sys
import time

import django

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402 - Django is set up first
from allauth.mfa.utils import decrypt  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from portal.demonstration.accounts import accounts  # noqa: E402

FIELD = re.compile(r'name="idempotency_key" value="([^"]+)"')
NOBODY = "nobody.at.all@example.org"


def secrets_known() -> list[str]:
    """Secrets of authenticator apps, and seeds and codes of recovery."""
    found: list[str] = []
    for factor in Authenticator.objects.exclude(type="webauthn"):
        found += [decrypt(factor.data[name]) for name in ("secret", "seed") if name in factor.data]
        if factor.type == "recovery_codes":
            found += factor.wrap().get_unused_codes()
    return sorted(set(found))


def one_try(path: str, email: str, data: dict[str, str]) -> float:
    """The seconds that an answer to a stranger takes, whose allowances are all unused."""
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_guesses")
    client = Client()
    page = client.get(path)
    key = FIELD.search(page.content.decode())
    began = time.perf_counter()
    client.post(path, {**data, **({"idempotency_key": key[1]} if key else {})})
    return time.perf_counter() - began


def times(n: int) -> dict[str, list[list[float]]]:
    """For sign-in and reset: `n` times with a known and with an unknown address, taking turns."""
    known = next(iter(accounts)).name
    found: dict[str, list[list[float]]] = {}
    for path, name in (("/accounts/login/", "login"), ("/accounts/password/reset/", "email")):
        rows: list[list[float]] = [[], []]
        for _ in range(n):
            for row, email in zip(rows, (known, NOBODY), strict=True):
                row.append(one_try(path, email, {name: email, "password": "a wrong password"}))
        found[path] = rows
    return found


if __name__ == "__main__":
    wanted = sys.argv[1]
    json.dump(secrets_known() if wanted == "secrets" else times(int(sys.argv[2])), sys.stdout)
