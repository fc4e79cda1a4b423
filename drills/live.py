"""The live floor on real servers, daphne and uvicorn side by side, a real Redis between: D2, F1, F4 to F7, G2.

Frames that nobody should send, a burst, cuts, a Redis that dies twenty times, servers killed while twenty people write,
sockets that never read, sockets that are silent for a minute. What clients noted is compared with the database.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg

from drills.report import Report
from portal.database.embedded import Cluster
from tests.redis import NO_REDIS, redis_server

PROJECT = Path(__file__).resolve().parent.parent
LONGEST_SECONDS = 7200


def run() -> Report:
    """A cluster of its own; the scenarios run in a process that knows the models (`drills/_live`)."""
    report = Report("live")
    if redis_server() is None:
        report.skipped = NO_REDIS
        return report
    with tempfile.TemporaryDirectory(prefix="plenary-drill-") as name, ExitStack() as stack:
        directory = Path(name)
        directory.chmod(0o711)  # the database's own user passes through
        cluster = Cluster(directory)
        cluster.attach()
        stack.callback(cluster.release)
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
            administration.execute("CREATE DATABASE live")
        found = _scenarios(cluster, directory)
    for what, holds, figure in found:
        report.expect(what, holds, figure)
    return report


def _scenarios(cluster: Cluster, directory: Path) -> list[tuple[str, bool, object]]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.portal.live.stage.settings",
        "TRIAL": "1",
        "DEMONSTRATION": "0",
        "PLENARY_DATA": str(directory / "data"),
        "DATABASE_URL": cluster.url("live"),
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(PROJECT),
        **{name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "FACTOR_KEY")},
    }
    done = subprocess.run(
        [sys.executable, "-m", "drills._live", str(directory)],
        cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, timeout=LONGEST_SECONDS, check=True,
    )  # fmt: skip
    found: list[tuple[str, bool, object]] = json.loads(done.stdout.splitlines()[-1])
    return found
