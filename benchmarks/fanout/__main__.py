"""``python -m benchmarks.fanout``: part of ``make bench``; by itself it measures the fan-out alone."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from benchmarks import machine
from benchmarks.fanout import report
from benchmarks.fanout.scenario import PER_PERSON, PROJECT, SPEAKERS, Row, measured
from portal.database.embedded import Cluster
from tests.redis import NO_REDIS, redis_server, running

DATABASE = "bench_fanout"


def main() -> None:
    options = _options()
    data: Path = options.data.resolve()
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine.description(), "rate": options.rate,
        "seconds": options.seconds,
    }  # fmt: skip
    with ExitStack() as stack:
        cluster = Cluster(data)
        cluster.attach()
        stack.callback(cluster.release)
        environment = _environment(cluster, data)
        people = SPEAKERS + max(options.sockets) // PER_PERSON + 1
        cookies = _prepared(cluster, environment, people)
        redis = stack.enter_context(running()) if redis_server() and not options.one else None
        if redis is None and not options.one:
            print(f"Without two processes: {NO_REDIS}", file=sys.stderr)
        figures = []
        for row in _rows(options.servers, options.sockets, two=redis is not None):
            print(f"{row.server}, {row.processes}, {row.sockets} sockets …", file=sys.stderr, flush=True)
            given = environment | ({"REDIS_URL": redis.url} if redis is not None and row.processes > 1 else {})
            figures.append(measured(row, cookies, given, options.seconds, options.rate))
    page = report.write(figures, about, options.out, options.name or f"{about['date']}-fanout")
    print(report.text(figures, about))
    print(f"Written to {page}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fanout", description=__doc__)
    parser.add_argument("--sockets", type=lambda text: [int(part) for part in text.split(",")], default=[200, 1000])
    parser.add_argument("--servers", type=lambda text: text.split(","), default=["daphne", "uvicorn"])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=20, help="messages a second")
    parser.add_argument("--one", action="store_true", help="one process only, without Redis")
    parser.add_argument("--out", type=Path, default=PROJECT / "benchmarks" / "results")
    parser.add_argument("--name", default="", help="of the report, instead of the date")
    parser.add_argument("--data", type=Path, default=PROJECT / ".plenary" / "bench", help="where the database is kept")
    return parser.parse_args()


def _rows(kinds: list[str], sizes: list[int], *, two: bool) -> list[Row]:
    """The limit first, then each server with one process, then with two."""
    rows = [Row("websockets", 1, size) for size in sizes]
    for processes in (1, 2) if two else (1,):
        rows += [Row(kind, processes, size) for kind in kinds for size in sizes]
    return rows


def _environment(cluster: Cluster, data: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    return {
        **kept, "DJANGO_SETTINGS_MODULE": "benchmarks.fanout.settings", "TRIAL": "1", "DEMONSTRATION": "0",
        "PLENARY_DATA": str(data), "DATABASE_URL": cluster.url(DATABASE), "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(PROJECT),
    }  # fmt: skip


def _prepared(cluster: Cluster, environment: dict[str, str], people: int) -> list[str]:
    """A database with that many people; the cookies of their sessions."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as administration:
        known = administration.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            administration.execute(f"CREATE DATABASE {DATABASE}")
    _run(environment, "manage.py", "migrate", "--verbosity=0", "--skip-checks")
    cookies: list[str] = json.loads(_run(environment, "-m", "benchmarks.fanout.people", str(people)))
    return cookies


def _run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
