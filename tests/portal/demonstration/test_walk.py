"""The demonstration in a process of its own, from the empty database to the mails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.database import embedded_cluster
from tests.portal.demonstration.conftest import generate
from tests.portal.demonstration.digest import digest

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def address(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of an empty, migrated database."""
    name = f"{connection.settings_dict['NAME']}_demonstration"
    template = connection.settings_dict["TEST"].get("TEMPLATE")
    quoted = connection.ops.quote_name
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)}")
        cursor.execute(f"CREATE DATABASE {quoted(name)}" + (f" TEMPLATE {quoted(template)}" if template else ""))
    cluster = embedded_cluster()
    yield cluster.url(name) if cluster else urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


def walk(address: str, directory: Path) -> dict[str, Any]:
    """What walk.py found."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "TESTING": "1",
        "DEMONSTRATION": "1",
        "SECRET_KEY": "a key for tests only, of fifty characters and some more",
        "FACTOR_KEY": "a key of second factors for tests only, of fifty characters and more",
        "DATABASE_URL": address,
        "PLENARY_DATA": str(directory),
    }
    for command in (["manage.py", "migrate", "--verbosity=0"], ["tests/portal/demonstration/walk.py"]):
        done = subprocess.run(
            [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.django_db
def test_from_the_empty_database_to_the_mails(address, tmp_path):
    walked = walk(address, tmp_path)

    # every app adds its part
    assert walked["generators"] == [
        "network", "real organisations", "standings", "invented organisations", "invented people",
        "real groups", "invented groups", "messages in groups", "files of groups", "tasks of groups",
        "meetings of groups",
    ]  # fmt: skip
    # of this process: the clock on the wall also counts whoever else is at work
    assert walked["cpu_seconds"] < 20
    assert "already holds organisations" in walked["refused"]
    # everybody on the list can sign in, and is told that it is a demonstration
    assert len(walked["accounts"]) == 8
    assert set(walked["accounts"].values()) == {"200 True"}
    assert walked["on the sign-in page"] == list(walked["accounts"])
    assert walked["codes"] == 2 * 5  # of those who hold a role, this and the next
    assert "plenary-demonstration" in walked["printed"]
    assert all(account in walked["printed"] for account in walked["accounts"])
    # mails are on a page, as text with links that work
    assert walked["mails"] == {"listed": True, "link": True, "script": False, "unknown": [404, 404, 404, 404]}
    # two loads say the same
    generate()
    assert digest() == walked["digest"]
