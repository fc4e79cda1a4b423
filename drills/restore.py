"""H1: back up under load, restore on an empty machine, compare.

Figures: 0 differences in rows, sums of tables, sums of files and the record; sign-in with a second factor; 50 pages.
"""

from __future__ import annotations

import re
import threading
import time
from itertools import cycle
from pathlib import Path

import httpx

from drills._portal import Portal, browser, portal, post, sign_in
from drills.report import Report

PAGES = 50
CODE = """
from portal.demonstration.accounts import PASSWORD, accounts_shown
for shown in accounts_shown():
    print(shown.person.email, shown.code or "-", PASSWORD)
"""
PICTURES = """
from io import BytesIO
from random import Random
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image
from portal.files.services import picture_store
for number in range(60):
    kept = BytesIO()
    Image.frombytes("RGB", (150, 150), Random(number).randbytes(67_500)).save(kept, "PNG")
    with transaction.atomic():
        picture_store(None, kind="organisation-logo", upload=SimpleUploadedFile("logo.png", kept.getvalue()))
"""
SIZE = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT pg_database_size(current_database())')"


def run() -> Report:
    """The whole way there and back."""
    report = Report("restore")
    with portal() as before:
        key, archive = _backed_up(before, report)
        if not report.passed:
            return report
        with portal() as after:
            after.secrets = before.secrets
            _restored(after, archive, key, report)
            _in_use(after, report)
    return report


def _backed_up(before: Portal, report: Report) -> tuple[Path, Path]:
    shelf, key = before.data.parent / "archives", before.data.parent / "opening-key"
    before.fill()
    before.must("shell", "--verbosity=0", "--command", PICTURES)
    public = before.must("backup_key", str(key)).partition("=")[2].strip()
    before.more = {"BACKUP_DIR": str(shelf), "BACKUP_RECIPIENTS": public}
    report.figures["size of the database in MB"] = _megabytes(before)
    stop = threading.Event()
    answers: list[int] = []
    with before.serving():
        readers = [threading.Thread(target=_load, args=(before, stop, answers)) for _ in range(4)]
        for reader in readers:
            reader.start()
        time.sleep(3)
        began = time.perf_counter()
        made = before.run("backup", "--key", str(key))
        seconds = time.perf_counter() - began
        stop.set()
        for reader in readers:
            reader.join()
    report.expect("a backup was made under load", made.returncode == 0, made.stderr[-500:])
    report.figures["seconds of the backup, opened and read"] = round(seconds, 1)
    failed = sum(code >= 500 for code in answers)
    report.expect("requests meanwhile, of them failed", not failed, f"{len(answers)}, {failed}")
    archives = sorted(shelf.glob("*.age"))
    if report.expect("archives on the shelf", len(archives) == 1, len(archives)):
        report.figures["size of the archive in kB"] = archives[0].stat().st_size // 1000
        return key, archives[0]
    return key, shelf


def _load(before: Portal, stop: threading.Event, answers: list[int]) -> None:
    """Reads and writes: signing in notes the moment, the session and the address; the language is a write too."""
    with browser(before.address) as client:
        for address in cycle(["/accounts/login/", "/accounts/password/reset/"]):
            if stop.is_set():
                return
            try:
                answers.append(client.get(address).status_code)
                answers.append(post(client, "/accounts/login/", {"language": "fr"}, form='name="language"').status_code)
                answer = post(client, "/accounts/login/", {"login": "nobody@example.org", "password": "x"}, "password")
                answers.append(answer.status_code)
            except httpx.HTTPError:
                answers.append(599)


def _restored(after: Portal, archive: Path, key: Path, report: Report) -> None:
    began = time.perf_counter()
    done = after.run("restore", str(archive), "--key", str(key))
    report.figures["seconds of the restore"] = round(time.perf_counter() - began, 1)
    report.expect("everything is as it was", done.returncode == 0, done.stderr[-500:])
    for what, figure in re.findall(r"^  ([a-z ]+): (\d+)$", done.stdout, re.MULTILINE):
        report.figures[f"compared: {what}"] = int(figure)
    report.expect("no difference", "differences: 0" in done.stdout)
    verified = after.run("audit_verify")
    report.expect("the record's chain is whole", verified.returncode == 0, verified.stderr[-500:])
    again = after.run("restore", str(archive), "--key", str(key))
    refused = again.returncode == 1 and "Nothing was changed" in again.stderr
    report.expect("a second restore over it is refused", refused)


def _in_use(after: Portal, report: Report) -> None:
    with after.serving():
        shown = [line.split() for line in after.must("shell", "--verbosity=0", "--command", CODE).splitlines()]
        accounts = [line for line in shown if len(line) == 3 and "@" in line[0]]
        with_factor = next((line for line in accounts if line[1] != "-"), None)
        with browser(after.address) as client:
            inside = with_factor is not None and sign_in(client, with_factor[0], with_factor[2], with_factor[1])
            report.expect("signed in with a second factor", inside)
            seen, wrong, waiting = set[str](), [], ["/"]
            while waiting and len(seen) < PAGES:
                address = waiting.pop(0)
                if address in seen:
                    continue
                seen.add(address)
                answer = client.get(address, follow_redirects=True)
                if answer.status_code != 200:
                    wrong.append(f"{address} {answer.status_code}")
                waiting += re.findall(r'href="(/[a-z][^"#?]*/)"', answer.text)
            report.expect("pages fetched", len(seen) >= PAGES, len(seen))
            report.expect("pages that failed", not wrong, ", ".join(wrong) or 0)


def _megabytes(before: Portal) -> float:
    said = before.must("shell", "--verbosity=0", "--command", f"{SIZE}; print(k.fetchone()[0])")
    return round(int(said.strip().splitlines()[-1]) / 1e6, 1)
