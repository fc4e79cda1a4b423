"""Check B4, long form: how well a stranger tells known from unknown addresses by the time of the answer.

The area under the curve is the chance that an answer for a known address took longer than one for an unknown one; 0.5
says nothing. Measured inside the application, with the real hasher, where no network hides a difference.
"""

from __future__ import annotations

import json
import subprocess
import sys

from drills import _portal
from drills.report import Report

N = 400


def area(known: list[float], unknown: list[float]) -> float:
    """The area under the curve, by comparing each with each."""
    wins = sum((a > b) + 0.5 * (a == b) for a in known for b in unknown)
    return wins / (len(known) * len(unknown))


def run() -> Report:
    """Ask `N` times for each."""
    report = Report("enumeration")
    with _portal.portal() as portal:
        portal.fill()
        portal.must("collectstatic", "--noinput", "--verbosity=0")
        measured = subprocess.run(
            [sys.executable, "-m", "drills._secrets", "times", str(N)],
            cwd=_portal.PROJECT, env=portal.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
    report.figures["n of each"] = N
    for path, (known, unknown) in json.loads(measured.stdout).items():
        found = area(known, unknown)
        report.expect(f"area under the curve, {path}", 0.45 <= found <= 0.55, round(found, 3))
    return report
