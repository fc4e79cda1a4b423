"""The record of acts: 100 random tamperings are named, 100,000 entries are checked, many write at once (H7)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg

from drills.report import Report
from portal.database.embedded import Cluster

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = "audit"
VERIFY_SECONDS, LONGEST_SECONDS = 10.0, 1800


def run() -> Report:
    """A durable cluster of its own; the part that knows the models runs in a process of its own."""
    report = Report("audit")
    with tempfile.TemporaryDirectory(prefix="plenary-drill-") as directory, ExitStack() as stack:
        cluster = Cluster(Path(directory))
        cluster.attach()
        stack.callback(cluster.release)
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
            administration.execute(f"CREATE DATABASE {DATABASE}")
        done = subprocess.run(
            [sys.executable, "-m", "drills._audit"],
            cwd=PROJECT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
                "TRIAL": "1",
                "DEMONSTRATION": "0",
                "PLENARY_DATA": str(Path(directory) / "data"),
                "DATABASE_URL": cluster.url(DATABASE) + "&max_age=60",
                "LOG_LEVEL": "CRITICAL",
                "PYTHONPATH": str(PROJECT),
            },
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=LONGEST_SECONDS,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    return _judged(report, found)


def _judged(report: Report, found: dict[str, object]) -> Report:
    """The figures, each against what is promised."""
    report.expect("random tamperings named, of 100", found["named"] == 100, found["named"])
    report.expect("of these named wrongly or not at all", not found["missed"], found["missed"])
    report.expect("statements that the database refused", found["refused"] == found["tried"], found["refused"])
    report.expect("deadlocks among 20 writers at once", found["deadlocks"] == 0, found["deadlocks"])
    report.figures["in a sixth of the acts, with the chain taken at once instead of at the commit"] = found[
        "deadlocks early"
    ]
    report.expect("gaps in the numbers", found["gaps"] == 0, found["gaps"])
    report.figures.update({f"acts a second, {what}": figure for what, figure in found["throughput"].items()})  # type: ignore[attr-defined]
    report.figures["entries"] = found["entries"]
    seconds = float(str(found["verify seconds"]))
    report.expect("seconds to check them all (at most 10)", seconds <= VERIFY_SECONDS, seconds)
    report.expect("the untouched record in order", bool(found["in order"]))
    return report
