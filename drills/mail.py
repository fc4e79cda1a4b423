"""Mail (checks F2 and F10): workers killed 50 times in the middle of 2,000 mails and of 500 digests, and a mail server
that is down.

The long form of `tests/portal/notifications/test_worker.py`: the real worker, the real database, a real mail server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from drills.report import Report

PROJECT = Path(__file__).resolve().parent.parent
MAILS, KILLS = 2000, 50
OUTAGE_MAILS = 200
DIGESTS = 500
TEST = "tests/portal/notifications/test_worker.py"


def run() -> Report:
    report = Report("mail")
    killed = _figures(report, "test_killed_workers_lose_no_mail", MAILS, KILLS)
    report.figures["mails, workers killed"] = f"{killed.get('mails to send')}, {killed.get('workers killed')}"
    report.expect("mails lost with killed workers", killed.get("mails lost") == 0, killed.get("mails lost"))
    lines = killed.get("lines in inboxes")
    report.expect("lines in inboxes, none lost or doubled", lines == MAILS, lines)
    twice = killed.get("mails sent twice", MAILS)
    report.expect("mails sent twice, at most 1 %", twice <= MAILS // 100, twice)
    gathered = _figures(report, "test_killed_workers_lose_and_double_no_digest", DIGESTS, KILLS)
    report.figures["digests, workers killed"] = f"{gathered.get('digests to send')}, {gathered.get('workers killed')}"
    for loss in ("digests lost", "facts lost", "facts in two digests"):
        report.expect(f"{loss} with killed workers", gathered.get(loss) == 0, gathered.get(loss))
    twice = gathered.get("digests sent twice", DIGESTS)
    report.expect("digests sent twice, at most 1 %", twice <= DIGESTS // 100, twice)
    down = _figures(report, "test_an_hour_without_mail_server_loses_nothing", OUTAGE_MAILS, 0)
    report.expect("mails lost with a server down for an hour", down.get("mails lost") == 0, down.get("mails lost"))
    report.expect("mails sent twice then", down.get("mails sent twice") == 0, down.get("mails sent twice"))
    report.figures["slowest telling meanwhile, ms"] = down.get("slowest telling, ms")
    return report


def _figures(report: Report, test: str, mails: int, kills: int) -> dict[str, int]:
    """What a test found with so many mails and kills; nothing where it ended before."""
    with tempfile.TemporaryDirectory(prefix="plenary-drill-") as directory:
        found = Path(directory) / "figures.json"
        number = "MAIL_DRILL_DIGESTS" if test.endswith("digest") else "MAIL_DRILL_MAILS"
        asked = {number: str(mails), "MAIL_DRILL_KILLS": str(kills), "MAIL_DRILL_FIGURES": str(found)}
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", f"{TEST}::{test}"]
        done = subprocess.run(command, cwd=PROJECT, env={**os.environ, **asked}, capture_output=True, text=True)
        if not report.expect(f"{test} passes", done.returncode == 0):
            print(done.stdout[-3000:], file=sys.stderr)
        return json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}
