"""Figures as a page to read and as JSON to compare."""

import json
from pathlib import Path
from typing import Any

MOST_QUERIES, MOST_GROWTH = 8, 1.5
DIRECTORY = ("directory", "directory, three facets", "directory, text")


def write(figures: dict[str, Any], directory: Path, name: str) -> Path:
    """Write both. Returns the path of the page."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    page = directory / f"{name}.md"
    page.write_text(text(figures), encoding="utf-8")
    return page


def text(figures: dict[str, Any]) -> str:
    """The page."""
    lines = [f"# Benchmark of {figures['date']}", "", *_how(figures), "", *_table(figures), "", "## The aims", ""]
    lines += [f"- {sentence}" for sentence in verdicts(figures)]
    return "\n".join(lines) + "\n"


def _how(figures: dict[str, Any]) -> list[str]:
    machine = ", ".join(f"{name} {value}" for name, value in figures["machine"].items())
    how = (
        "One daphne process for each size, all on one embedded PostgreSQL; {connections} connections, {rounds} rounds "
        "of {seconds} s, in each round every page of every size once, in turn; medians over the rounds. “alone” is one "
        "request at a time. Queries are those of a warm request."
    )
    sizes = "; ".join(
        f"{times}×: {found['organisations']:,} organisations, {found['people']:,} people"
        for times, found in figures["sizes"].items()
    )
    return [
        f"Machine: {machine}.",
        "",
        how.format(**figures["options"]),
        "",
        f"Network: {sizes}. Texts: {figures['corpus']}.",
    ]


def _table(figures: dict[str, Any]) -> list[str]:
    rows = [
        "| page | size | req/s | p50 ms | p95 ms | alone ms | queries | kB | kB gzip | wrong |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for page in figures["pages"]:
        for times, size in figures["sizes"].items():
            found = size["pages"][page]
            rows.append(
                f"| {page} | {times}× | {found['per_second']:.1f} | {found['p50']:.0f} | {found['p95']:.0f} "
                f"| {found['alone']:.0f} | {found['queries']} | {found['bytes'] / 1000:.0f} "
                f"| {found['gzip'] / 1000:.0f} | {found['bad']} |"
            )
    return rows


def verdicts(figures: dict[str, Any]) -> list[str]:
    """What was aimed at, and what came of it."""
    sizes = figures["sizes"]
    smallest, largest = min(sizes, key=int), max(sizes, key=int)
    said = []
    for page in DIRECTORY:
        queries = max(size["pages"][page]["queries"] for size in sizes.values())
        said.append(f"{page}: at most {queries} queries (aim: {MOST_QUERIES}): {_met(queries <= MOST_QUERIES)}")
        if smallest != largest:
            growth = sizes[largest]["pages"][page]["p50"] / max(sizes[smallest]["pages"][page]["p50"], 0.001)
            aim = f"{largest}× takes {growth:.2f} times as long as {smallest}× (aim: {MOST_GROWTH})"
            said.append(f"{page}: {aim}: {_met(growth <= MOST_GROWTH)}")
    wrong = sum(page["bad"] for size in sizes.values() for page in size["pages"].values())
    said.append(f"answers that were not as expected: {wrong}: {_met(wrong == 0)}")
    return said


def _met(met: bool) -> str:
    return "met" if met else "**not met**"
