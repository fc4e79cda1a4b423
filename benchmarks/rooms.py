"""``python -m benchmarks.rooms``: part of ``make bench``; a room of 100,000 messages, and of 1,000 people at once."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.prepared import PROJECT, environment, run
from portal.database.embedded import Cluster

DATABASE = "bench_room"
MOST_QUERIES = 12


def main() -> None:
    options = _options()
    cluster = Cluster(options.data.resolve())
    cluster.attach()
    try:
        figures = _measured(cluster, options.data.resolve(), options.messages)
    finally:
        cluster.release()
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine.description(), "messages": options.messages,
    }  # fmt: skip
    name = options.name or f"{about['date']}-rooms"
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{name}.json").write_text(json.dumps(about | figures, indent=1) + "\n", encoding="utf-8")
    page = options.out / f"{name}.md"
    page.write_text(text(about, figures), encoding="utf-8")
    print(page.read_text(encoding="utf-8"))


def text(about: dict[str, Any], figures: dict[str, Any]) -> str:
    """The page."""
    where = ", ".join(f"{name} {value}" for name, value in about["machine"].items())
    rows = [
        f"| {name} | {page['queries']} | {page['milliseconds']} | {page['slowest query']} |"
        for name, page in figures["pages"].items()
    ]
    opened = figures["pages"]["open"]["queries"]
    how = (
        f"A room of {about['messages']:,} messages in 200 topics, half of them in one; each page asked for in one "
        "process without a server between, the middle of fifteen times."
    )
    return "\n".join(
        [
            f"# Large rooms on {about['date']}", "", f"Machine: {where}.", "",
            how, "",
            "| page | queries | ms | slowest query, ms |", "|---|--:|--:|--:|", *rows, "",
            f"Aim: opening takes at most {MOST_QUERIES} queries: {'met' if opened <= MOST_QUERIES else '**not met**'}.",
            "", "## A crowd", "", *(f"- {name}: {value:,}" for name, value in figures["crowd"].items()), "",
        ]
    )  # fmt: skip


def _measured(cluster: Cluster, data: Path, messages: int) -> dict[str, Any]:
    given = environment(cluster, data, DATABASE, "portal.settings")
    run(given, "manage.py", "collectstatic", "--noinput", "--verbosity=0", "--skip-checks")
    figures: dict[str, Any] = json.loads(run(given, "-m", "benchmarks.big_room", str(messages)))
    return figures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rooms", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=PROJECT / "benchmarks" / "results")
    parser.add_argument("--name", default="", help="of the report, instead of the date")
    parser.add_argument("--data", type=Path, default=PROJECT / ".plenary" / "bench", help="where the database is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
