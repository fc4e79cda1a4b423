"""The figures as a page to read and as JSON to compare."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.fanout.scenario import Figures

MOST_TIMES_P95 = 2.0
MOST_TIMES_CPU = {"daphne": 3.5, "uvicorn": 1.8}
HOW = (
    "One room, {rate:g} messages a second for {seconds:g} s, each written to the database by a command and rendered as "
    "HTML. Times run from the command to its arrival at a reader, so they hold the write. “CPU” is that of the servers "
    "for each delivery; “fan-out” is without that of the writes, measured beforehand with nobody listening. "
    "`websockets` is the limit: the library alone, telling all what one says."
)
HEAD = (
    "| server | processes | sockets | delivered/s | lost | p50 ms | p95 ms | p99 ms | CPU µs | fan-out µs | MB | cut |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def write(figures: list[Figures], about: dict[str, Any], directory: Path, name: str) -> Path:
    """Write both. Returns the path of the page."""
    directory.mkdir(parents=True, exist_ok=True)
    rows = [asdict(row) | {"fan_out": row.fan_out} for row in figures]
    (directory / f"{name}.json").write_text(json.dumps(about | {"rows": rows}, indent=1) + "\n", encoding="utf-8")
    page = directory / f"{name}.md"
    page.write_text(text(figures, about), encoding="utf-8")
    return page


def text(figures: list[Figures], about: dict[str, Any]) -> str:
    """The page."""
    machine = ", ".join(f"{name} {value}" for name, value in about["machine"].items())
    lines = [f"# Fan-out on {about['date']}", "", f"Machine: {machine}.", "", HOW.format(**about), "", *HEAD]
    lines += [
        f"| {row.server} | {row.processes}{', Redis' if row.processes > 1 else ''} | {row.sockets} "
        f"| {row.per_second:,.0f} | {row.wanted - row.delivered} | {row.p50:.0f} | {row.p95:.0f} | {row.p99:.0f} "
        f"| {row.cpu:.1f} | {row.fan_out:.1f} | {row.memory:.0f} | {row.lost_connections} |"
        for row in figures
    ]
    return "\n".join([*lines, "", "## The aims", "", *(f"- {said}" for said in verdicts(figures))]) + "\n"


def verdicts(figures: list[Figures]) -> list[str]:
    """What was aimed at, and what came of it."""
    limits = {row.sockets: row for row in figures if row.server == "websockets"}
    said = []
    for row in figures:
        limit = limits.get(row.sockets)
        if limit is None or row.server == "websockets":
            continue
        name = f"{row.server}, {row.processes} with {row.sockets} sockets"
        said.append(f"{name}: {row.wanted - row.delivered} messages lost (aim: 0): {_met(row.wanted == row.delivered)}")
        if row.processes > 1:
            continue
        times, cpu = row.p95 / limit.p95, row.fan_out / limit.cpu
        most = MOST_TIMES_CPU[row.server]
        said.append(
            f"{name}: p95 {times:.1f} times the limit's (aim: {MOST_TIMES_P95}): {_met(times <= MOST_TIMES_P95)}"
        )
        said.append(f"{name}: CPU of the fan-out {cpu:.1f} times the limit's (aim: {most}): {_met(cpu <= most)}")
    return said


def _met(met: bool) -> str:
    return "met" if met else "**not met**"
