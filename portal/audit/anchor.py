"""The anchor: heads of the chain noted outside the database, in a file that only grows.

Whoever can write the database as its owner can cut the record's tail, or change an entry and make the chain anew from
there. Neither shows in the database alone; it does against a head noted elsewhere. The file belongs on another disk,
best on another machine or a mount that only takes additions (`AUDIT_ANCHOR`).

Each line is JSON: its own number, the moment, the head of the chain, the keyed hash of the line before, and its own
keyed hash (HMAC-SHA-256). The key is not in the database (`AUDIT_ANCHOR_KEY`, or derived from `SECRET_KEY`), so whoever
has only the database, or only the file, cannot make a line that fits. Whoever has file and database, but not the key,
can cut both at the same moment; then a line is missing at its five minutes, which `audit_verify` tells as a pause, and
the head does not fit one that was mailed or printed (`audit_verify --head`). Whoever has all three is not noticed.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from portal.audit.chain import FORGED, START, Finding, Head, hash_at, head

PAUSE: Final = timedelta(minutes=16)
"""Lines come every five minutes; three may fail before that is told as a pause."""
_LONGEST_LINE: Final = 4096


class AnchorBroken(Exception):
    """The record no longer holds what the last line noted, or the last line is not ours."""


@dataclass(frozen=True)
class Line:
    """One line. `restored` says, in the operator's words, why the record may end earlier than the line before."""

    line: int
    at: datetime
    head: Head
    after: str
    restored: str = ""

    def content(self) -> dict[str, Any]:
        """What the keyed hash is made of."""
        return {
            "line": self.line,
            "at": self.at.isoformat(),
            "number": self.head.number,
            "hash": self.head.hash,
            "after": self.after,
            "restored": self.restored,
        }

    def mac(self, key: bytes | None = None) -> str:
        """The keyed hash, by the first of the keys where none is given."""
        content = json.dumps(self.content(), sort_keys=True, ensure_ascii=True).encode()
        return hmac.new(key or _keys()[0], content, hashlib.sha256).hexdigest()

    def written(self) -> bytes:
        """As it stands in the file."""
        return json.dumps({**self.content(), "mac": self.mac()}, ensure_ascii=True).encode() + b"\n"


@dataclass
class Reading:
    """What the file tells: the heads that the record must hold, what is wrong with the file, what is only noted."""

    heads: list[Head] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: int = 0
    last: Line | None = None


def _keys() -> list[bytes]:
    """The key for new lines, then those that old lines may have been made with."""
    own = [settings.AUDIT_ANCHOR_KEY] if settings.AUDIT_ANCHOR_KEY else []
    secrets = [*own, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.new(str(key).encode(), b"portal.audit.anchor", hashlib.sha256).digest() for key in secrets]


def parsed(text: bytes) -> tuple[Line, str] | None:
    """A line of the file and its keyed hash, which fits; None for anything else."""
    try:
        found = json.loads(text)
        line = Line(
            line=int(found["line"]),
            at=datetime.fromisoformat(found["at"]),
            head=Head(int(found["number"]), str(found["hash"])),
            after=str(found["after"]),
            restored=str(found["restored"]),
        )
        mac = str(found["mac"])
        fits = line.at.tzinfo is not None and any(hmac.compare_digest(line.mac(key), mac) for key in _keys())
    except (ValueError, KeyError, TypeError):
        return None
    return (line, mac) if fits else None


def append(path: Path, *, restored: str = "") -> Line:
    """Note the head of the chain; on the disk when this returns.

    Raises AnchorBroken where the record no longer holds the head noted last; after a backup was restored that is
    as it should be, and `restored` says so.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    existed = path.exists()
    with _locked(path) as file:
        before = _last_of(file)
        if before is None and os.fstat(file).st_size:
            raise AnchorBroken(f"The last line of {path} cannot be read or was not made with this key.")
        if before is not None and not restored and hash_at(before[0].head.number) != before[0].head.hash:
            raise AnchorBroken(
                f"The record no longer holds entry {before[0].head.number} as line {before[0].line} noted it."
            )
        number, after = (before[0].line + 1, before[1]) if before else (1, START)
        line = Line(number, timezone.now(), head(), after, restored)
        whole = _ends_with_newline(file)
        os.write(file, line.written() if whole else b"\n" + line.written())
        os.fsync(file)
    if not existed:
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    return line


def last(path: Path) -> Line | None:
    """The last line, None where there is none that fits."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        found = _last_of(file)
    finally:
        os.close(file)
    return found[0] if found else None


def read(path: Path, *, now: datetime | None = None) -> Reading:
    """Read the file and check it against itself. Raises OSError where it cannot be read."""
    reading, mac, unread = Reading(), START, 0
    for row, text in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not text:
            continue
        found = parsed(text)
        if found is None:
            unread = unread or row
            continue
        line, own = found
        before = reading.last
        if line.after != mac or line.line != (before.line + 1 if before else 1):
            first = before.line + 1 if before else 1
            reading.findings.append(
                Finding(None, FORGED, f"The anchor was changed or cut between its lines {first} and {line.line}.")
            )
        elif unread:  # the lines around it fit each other, so it never was one
            reading.notes.append(f"Row {unread} of the anchor was broken off while it was written.")
        unread = 0
        if before is not None and line.at - before.at > PAUSE:
            reading.notes.append(f"The anchor paused from {before.at:%Y-%m-%d %H:%M} to {line.at:%Y-%m-%d %H:%M} UTC.")
        if line.restored:
            _take_back(reading, line)
        reading.heads.append(line.head)
        reading.last, mac, reading.lines = line, own, reading.lines + 1
    if unread:
        reading.findings.append(Finding(None, FORGED, f"Row {unread} of the anchor, at its end, was changed."))
    moment = now or timezone.now()
    if reading.last is not None and moment - reading.last.at > PAUSE:
        reading.notes.append(f"The anchor's last line is of {reading.last.at:%Y-%m-%d %H:%M} UTC.")
    return reading


def _take_back(reading: Reading, line: Line) -> None:
    """A restored backup ends earlier than what was noted before it."""
    lost = [noted for noted in reading.heads if noted.number > line.head.number]
    reading.heads = [noted for noted in reading.heads if noted.number <= line.head.number]
    furthest = max((noted.number for noted in lost), default=line.head.number)
    reading.notes.append(
        f"On {line.at:%Y-%m-%d %H:%M} UTC a backup was restored ({line.restored}): the record went back from entry "
        f"{furthest} to {line.head.number}."
    )


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, to be read and added to by this process alone."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _ends_with_newline(file: int) -> bool:
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def _last_of(file: int) -> tuple[Line, str] | None:
    """The last line that was written to its end; one that was broken off by a crash is passed over."""
    size = os.fstat(file).st_size
    tail = os.pread(file, 2 * _LONGEST_LINE, max(0, size - 2 * _LONGEST_LINE))
    rows = tail.split(b"\n")
    whole = [row for row in rows[:-1] if row]
    return parsed(whole[-1]) if whole else None
