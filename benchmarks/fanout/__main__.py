"""``python -m benchmarks.fanout``: part of ``make bench``; by itself it measures the fan-out alone."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine
from benchmarks.fanout import report
from benchmarks.fanout.scenario import PER_PERSON, PROJECT, SPEAKERS, Row, measured
from benchmarks.prepared import environment, run
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
        base = environment(cluster, data, DATABASE, "benchmarks.fanout.settings")
        people = SPEAKERS + max(options.sockets) // PER_PERSON + 1
        cookies = json.loads(run(base, "-m", "benchmarks.fanout.people", str(people)))
        redis = stack.enter_context(running()) if redis_server() and not options.one else None
        if redis is None and not options.one:
            print(f"Without two processes: {NO_REDIS}", file=sys.stderr)
        figures = []
        for row in _rows(options.servers, options.sockets, two=redis is not None):
            print(f"{row.server}, {row.processes}, {row.sockets} sockets …", file=sys.stderr, flush=True)
            given = base | ({"REDIS_URL": redis.url} if redis is not None and row.processes > 1 else {})
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


if __name__ == "__main__":
    main()
