"""Erasing people (check H6): nothing of them in a dump of the database, in the queue, in files; their threads whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg

from drills.report import Report
from portal.database import programs
from portal.database.embedded import Cluster

PROJECT = Path(__file__).resolve().parent.parent
DATABASE, PEOPLE = "erasure", 10


def run() -> Report:
    """A cluster of its own, filled with the stories of ten people with random words in every field."""
    report = Report("erasure")
    with tempfile.TemporaryDirectory(prefix="plenary-drill-") as directory, ExitStack() as stack:
        home = Path(directory)
        cluster = Cluster(home / "cluster")
        cluster.attach()
        stack.callback(cluster.release)
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
            administration.execute(f"CREATE DATABASE {DATABASE}")
        address = cluster.url(DATABASE)
        told = _process(home, address, "tell", str(PEOPLE))
        words = told["words"]
        before = _finds(_dump(address), told["present"])
        report.expect("words found in the dump before", before == len(told["present"]), before)
        done = _process(home, address, "erase", *map(str, told["people"]))
        dump = _dump(address)
        report.expect("words found in the dump after", _finds(dump, words) == 0, _finds(dump, words))
        report.expect("words found in files after", _finds(_files(home / "data"), words) == 0)
        report.expect("people erased", done["erased"] == PEOPLE, done["erased"])
        report.figures["slowest erasure, seconds"] = done["slowest"]
        for label, count in told["rows"].items():
            report.expect(f"{label} kept", done["rows"][label] >= count, f"{done['rows'][label]} of {count}")
    return report


def _process(home: Path, address: str, *arguments: str) -> dict[str, Any]:
    """The part that knows the models, in a process of its own; what it prints last is JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "drills._erasure", *arguments],
        cwd=PROJECT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PLENARY_DATA": str(home / "data"),
            "DATABASE_URL": address,
            "LOG_LEVEL": "CRITICAL",
            "PYTHONPATH": str(PROJECT),
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stdout[-2000:] + done.stderr[-4000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _dump(address: str) -> str:
    """The whole database as text, as an operator would copy it."""
    command = [str(programs.installed() / "pg_dump"), "--no-owner", "--inserts", address]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.lower()


def _files(directory: Path) -> str:
    """Names and contents of all files of the portal's data directory."""
    found = (path for path in directory.rglob("*") if path.is_file())
    return "\n".join(str(path) + path.read_bytes().decode("latin-1") for path in found).lower()


def _finds(text: str, words: list[str]) -> int:
    """How many of `words` occur."""
    return sum(word.lower() in text for word in words)
