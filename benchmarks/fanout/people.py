"""``python -m benchmarks.fanout.people N``: makes N people with a session each; prints their cookies as JSON."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402

from portal.accounts.models import User  # noqa: E402


def main(count: int) -> None:
    cookies = []
    for number in range(count):
        person, _made = User.objects.get_or_create(
            email=f"reader{number}@fanout.example.org", defaults={"name": f"Reader {number}"}
        )
        client = Client()
        client.force_login(person)
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    json.dump(cookies, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
