"""H2 and H3: what may go wrong with archives goes wrong loudly, and an archive says nothing without its key."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pyrage

from drills._portal import Portal, portal
from drills.report import Report
from portal.backup.sealing import identity_in

FLIPS = 20
WORDS = (
    b"example.org", b"Salma Idris", b"organisations_organisation", b"django_migrations", b"PGDMP", b"AGE-SECRET-KEY",
)  # fmt: skip
COUNT = "from portal.accounts.models import User; print(User.objects.count())"
OLD = """
import os
from pathlib import Path
from django.core.management import call_command
from portal.backup import programs
old = Path(os.environ["OLD_PROGRAM"])
programs.candidates = lambda program: [old]
call_command("backup")
"""


def run() -> Report:
    """On an archive of the demonstration network."""
    report = Report("backup_faults")
    with portal() as one:
        key, other = one.data.parent / "opening-key", one.data.parent / "another-key"
        shelf = one.data.parent / "archives"
        one.must("database", "start")  # runs on, so that what is done to a command is not done to it
        one.fill()
        public = one.must("backup_key", str(key)).partition("=")[2].strip()
        one.must("backup_key", str(other))
        one.more = {"BACKUP_DIR": str(shelf), "BACKUP_RECIPIENTS": public}
        one.must("backup")
        archive = next(shelf.glob("*.age"))
        _flipped(one, archive, key, report)
        done = one.run("restore", str(archive), "--key", str(other))
        report.expect("another key opens nothing", done.returncode == 1)
        _silent(one, archive, key, report)
        _old_client(one, shelf, report)
        _full_disk(one, shelf, public, report)
    return report


def _flipped(one: Portal, archive: Path, key: Path, report: Report) -> None:
    content, refused, checked = archive.read_bytes(), 0, 0
    try:
        for seed in range(FLIPS):
            broken = bytearray(content)
            broken[random.Random(seed).randrange(len(broken))] ^= 0x01
            archive.write_bytes(broken)
            checked += one.run("backup", "--check").returncode == 1
            done = one.run("restore", str(archive), "--key", str(key), "--over")
            refused += done.returncode == 1 and "CommandError: The archive cannot be opened" in done.stderr
            said = done.stderr.strip()[-200:]
    finally:
        archive.write_bytes(content)
    figure = f"{refused}; the last said: {said}"
    report.expect(f"archives with one flipped bit refused, of {FLIPS}", refused == FLIPS, figure)
    report.expect("of these seen without the key", checked == FLIPS, checked)
    rows = one.must("shell", "--verbosity=0", "--command", COUNT)
    report.expect("the database was not touched meanwhile", int(rows.split()[-1]) > 0)


def _silent(one: Portal, archive: Path, key: Path, report: Report) -> None:
    content = archive.read_bytes()
    keys = [value.encode() for value in one.secrets.values()]
    keys.append(key.read_text(encoding="ascii").splitlines()[-1].encode())
    found = [word for word in (*WORDS, *keys) if word in content]
    report.expect("known words and keys in the archive", not found, len(found))
    opened = pyrage.decrypt(content, [identity_in(key)])
    report.expect("opened, it is what it should be", b"database/000000" in opened and b"manifest.json" in opened)
    report.expect("the portal's keys inside", not [secret for secret in keys if secret in opened], 0)


def _old_client(one: Portal, shelf: Path, report: Report) -> None:
    old = one.data.parent / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n", encoding="ascii")
    old.chmod(0o755)
    before = sorted(shelf.iterdir())
    one.more["OLD_PROGRAM"] = str(old)
    done = one.run("shell", "--verbosity=0", "--command", OLD)
    report.expect("an older pg_dump is refused by name", done.returncode != 0 and "postgresql-client-" in done.stderr)
    report.expect("and nothing was written", sorted(shelf.iterdir()) == before)


def _full_disk(one: Portal, shelf: Path, public: str, report: Report) -> None:
    before = sorted(shelf.iterdir())
    done = one.run("backup", limit_file_size=64)  # blocks of 512 bytes
    report.expect("a file that may not grow fails loudly", done.returncode == 1 and "cannot be written" in done.stderr,
                  done.stderr.strip()[-160:])  # fmt: skip
    report.expect("and leaves no half archive", sorted(shelf.iterdir()) == before)
    small = one.data.parent / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True)
    if mounted.returncode:
        report.figures["a full disk of 64 kB"] = "not tried: mounting is not allowed here"
        return
    try:
        one.more = {"BACKUP_DIR": str(small), "BACKUP_RECIPIENTS": public}
        done = one.run("backup")
        report.expect("a full disk of 64 kB fails loudly", done.returncode == 1, done.stderr.strip()[-160:])
        report.expect("and is left empty", list(small.iterdir()) == [])
    finally:
        subprocess.run(["umount", str(small)], check=True)
