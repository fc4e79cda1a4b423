"""Counting queries and weighing pages, in one process with Django's test client. Prints JSON."""

import gzip
import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.network import PASSWORD, reader_address  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.idempotency.keys import new_key  # noqa: E402


def main() -> None:
    reader, anonymous = Client(), Client()
    reader.force_login(User.objects.get(email=reader_address(0)))
    found = {}
    for name, page in json.load(sys.stdin).items():
        for _ in range(3):  # the last is measured: caches are warm, as they are in life
            with CaptureQueriesContext(connection) as captured:
                if page.get("post"):
                    data = {"login": reader_address(1), "password": PASSWORD}
                    headers = {"host": "localhost", "Idempotency-Key": new_key()}
                    answer = Client().post(page["path"], data, headers=headers)
                else:
                    client = anonymous if page.get("anonymous") else reader
                    answer = client.get(page["path"], headers={"host": "localhost"})
                content = b"".join(answer) if answer.streaming else answer.content
        found[name] = {
            "status": answer.status_code,
            "queries": len(captured),
            "bytes": len(content),
            "gzip": len(gzip.compress(content, 6)),
        }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
