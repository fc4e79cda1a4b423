"""``make drill``: runs the drills one after the other and prints what each found."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
import traceback
from collections.abc import Sequence

import drills
from drills.report import Report


def names() -> list[str]:
    """The modules of this package that are drills: those with a `run`."""
    found = [module.name for module in pkgutil.iter_modules(drills.__path__) if not module.name.startswith("_")]
    return [name for name in found if hasattr(importlib.import_module(f"drills.{name}"), "run")]


def main(wanted: Sequence[str]) -> int:
    """Run the drills named in `wanted`, or all. Returns the number of those that failed."""
    known = names()
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        sys.exit(f"There is no drill called {', '.join(unknown)}. There are: {', '.join(known)}.")
    reports = []
    for name in wanted or known:
        print(f"{name} …", file=sys.stderr, flush=True)
        began = time.perf_counter()
        report = _run(name)
        report.figures["seconds in all"] = round(time.perf_counter() - began, 1)
        print(report.text(), end="\n\n", flush=True)
        reports.append(report)
    failed = [report.name for report in reports if not report.passed]
    print(f"{len(reports)} drills: " + (f"FAILED: {', '.join(failed)}" if failed else "none failed") + ".")
    return len(failed)


def _run(name: str) -> Report:
    try:
        report: Report = importlib.import_module(f"drills.{name}").run()
    except Exception:
        # One drill that breaks off must not keep the others from running.
        traceback.print_exc()
        report = Report(name, {"broke off": "see above"}, passed=False)
    return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
