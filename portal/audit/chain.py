"""How the entries of the record hang together, and finding what was tampered with.

**The chain.** Each entry has a number, without gaps, and

    digest = SHA-256 of the entry's columns, in the order of `COLUMNS`
    hash   = SHA-256 of the number, the hash of the number before, the entry's primary key, and the digest

each value written as its length in bytes, a colon and itself, "-" for NULL, so that no two rows read the same. The
database computes both itself (migration 0002): every writer is chained, psql included, none can forget to.

Plain SHA-256 and no keyed hash: a key in the database would be stolen with it, one in the processes would be held by
every process that an intruder may take over, and would keep psql and an independent checker out. What a key could
give, that nobody makes the whole chain anew, is given by the anchor outside the database (`portal.audit.anchor`),
whose lines do carry a keyed hash. What is written between the last line of the anchor and an intrusion, at most a few
minutes, is protected by the triggers only.

**One writer at a time, as late as possible.** Services call `record()` in the midst of transactions that hold row
locks; a lock on the chain taken there would wait for rows that wait for it. So inserting an entry only queues a
deferred trigger. When the transaction commits, after every other deferred check (foreign keys lock rows too), the
number is given under an advisory lock that the end of the transaction releases; whoever holds it waits for nobody.
An act that is rolled back never asked for a number, so it leaves no gap.

A transaction in REPEATABLE READ cannot see the number given before its own and fails; the portal has none that write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

ORIGIN_KEPT: Final = timedelta(days=90)
"""How long it is kept where an act came from; the trigger of migration 0002 knows the same number."""
FORGOTTEN: Final = "record.forgotten"
"""The verb under which circumstances of an erased person are forgotten; `details.entries` names the entries."""
START: Final = "0" * 64
"""What the first link has as the hash before it."""

COLUMNS: Final[Mapping[str, str]] = {
    "at": "(extract(epoch FROM e.at) * 1000000)::bigint::text",
    "actor_id": "e.actor_id::text",
    "acting_for_id": "e.acting_for_id::text",
    "acting_for_name": "e.acting_for_name",
    "verb": "e.verb",
    "target_type": "e.target_type",
    "target_id": "e.target_id::text",
    "target_name": "e.target_name",
    "details": "e.details::text",
    "origin_hash": "e.origin_hash",
    "why_hash": "e.why_hash",
}
"""What is chained of an entry, and how it is written as text; the primary key is part of the link."""

CHANGED, DELETED, INSERTED, SWAPPED, CUT = "changed", "deleted", "inserted", "swapped", "tail cut"
UNLINKED, RENUMBERED, REWRITTEN, FORGED = "link deleted", "link changed", "rewritten", "anchor changed"
_BATCH: Final = 5_000
_MOST_TRIED: Final = 500


class Finding(NamedTuple):
    """One thing that was tampered with: its number in the record (None where it has none), the kind, a sentence."""

    number: int | None
    kind: str
    sentence: str


class Head(NamedTuple):
    """The end of the chain at some moment: the number of the last entry and its hash; (0, START) of an empty one."""

    number: int
    hash: str


def written(values: Iterable[str | None]) -> bytes:
    """The values as they are hashed."""
    parts = []
    for value in values:
        if value is None:
            parts.append(b"-")
        else:
            text = value.encode()
            parts.append(b"%d:%b" % (len(text), text))
    return b"".join(parts)


def digest_of(values: Sequence[str | None]) -> str:
    """The digest of an entry, given as its `COLUMNS`."""
    return hashlib.sha256(written(["entry-1", *values])).hexdigest()


def hash_of(number: int, previous: str, entry_id: int, digest: str) -> str:
    """The hash of a link."""
    return hashlib.sha256(written(["link-1", str(number), previous, str(entry_id), digest])).hexdigest()


def circumstance_hash(salt: str, content: str) -> str:
    """What the entry keeps of a circumstance."""
    return hashlib.sha256(written([salt, content])).hexdigest()


def head() -> Head:
    """The end of the chain as this transaction sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hash FROM audit_link ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return Head(*row) if row else Head(0, START)


def hash_at(number: int) -> str | None:
    """The hash of that number, None where the chain does not reach it."""
    if number == 0:
        return START
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_link WHERE number = %s", [number])
        row = cursor.fetchone()
    return str(row[0]) if row else None


@dataclass
class _Broken:
    """A link or an entry that does not fit, as it was read."""

    number: int
    entry_id: int
    previous: str
    hash: str
    digest: str
    found: str = ""  # the digest of the entry as it is now


@dataclass
class _Reading:
    """What one pass over the chain noted."""

    hashes: dict[int, str] = field(default_factory=dict)
    previous: dict[int, str] = field(default_factory=dict)
    last: int = 0
    changed: dict[int, _Broken] = field(default_factory=dict)  # the entry does not fit its link
    bent: dict[int, _Broken] = field(default_factory=dict)  # the link does not fit itself
    deleted: list[_Broken] = field(default_factory=list)  # a link without its entry
    loose: list[tuple[int, str]] = field(default_factory=list)  # an entry without a link, and its digest
    missing: list[int] = field(default_factory=list)  # numbers without a link
    torn: list[int] = field(default_factory=list)  # numbers that do not name the hash before them
    told: set[int] = field(default_factory=set)  # about these something was said; what follows from it is not


class Verdict(NamedTuple):
    """What was read, and what was found to be tampered with, in the order of the record."""

    entries: int
    head: Head
    findings: list[Finding]


def verify(anchors: Iterable[Head] = ()) -> Verdict:
    """Read the whole record and name each thing that was tampered with.

    `anchors` are heads that were noted outside the database, oldest first; without them neither a tail that was cut
    nor a chain that was made anew can be seen. Reads one state of the database; inside a transaction of the caller
    that is the caller's affair.
    """
    with transaction.atomic():
        if len(connection.atomic_blocks) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        reading = _read()
        findings = [*_named(reading), *_against(anchors, reading), *_circumstances(reading.told)]
    findings.sort(key=lambda finding: (finding.number is None, finding.number or 0))
    return Verdict(len(reading.hashes), Head(reading.last, reading.hashes.get(reading.last, START)), findings)


def _read() -> _Reading:
    reading, before, expected = _Reading(), START, 1
    for number, entry_id, digest, previous, kept, pk, *values in _rows():
        found = digest_of(values) if pk is not None else ""
        if number is None:
            reading.loose.append((pk, found))
            continue
        if number > expected:
            reading.missing.extend(range(expected, min(number, expected + _MOST_TRIED)))
        link = _Broken(number, entry_id, previous, kept, digest, found)
        if hash_of(number, previous, entry_id, digest) != kept:
            reading.bent[number] = link
        if pk is None:
            reading.deleted.append(link)
        elif found != digest:
            reading.changed[number] = link
        if previous != before and number == expected:
            reading.torn.append(number)
        reading.hashes[number], reading.previous[number] = kept, previous
        before, expected, reading.last = kept, number + 1, number
    return reading


def _rows() -> Iterator[tuple[Any, ...]]:
    """Every link with its entry, by number; then the entries without one."""
    query = (
        "SELECT l.number, l.entry_id, l.digest, l.previous, l.hash, e.id, "  # noqa: S608 - our own columns
        f"{', '.join(COLUMNS.values())} FROM audit_link l FULL JOIN audit_entry e ON e.id = l.entry_id "
        "ORDER BY l.number NULLS LAST, e.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DECLARE audit_reading NO SCROLL CURSOR FOR {query}")
        try:
            while True:
                cursor.execute(f"FETCH {_BATCH} FROM audit_reading")
                rows = cursor.fetchall()
                if not rows:
                    return
                yield from rows
        finally:
            cursor.execute("CLOSE audit_reading")


def _named(reading: _Reading) -> Iterator[Finding]:
    """What the chain itself tells, without an anchor."""
    loose, told = dict(reading.loose), reading.told
    for number in reading.missing:
        told.add(number)
        pk = _linkless(reading, number, loose)
        if pk is not None:
            del loose[pk]
            yield Finding(number, UNLINKED, f"Entry {number} is there, its link in the chain was deleted.")
        else:
            yield Finding(number, DELETED, f"Entry {number} was deleted.")
    for link in reading.deleted:
        told.add(link.number)
        yield Finding(link.number, DELETED, f"Entry {link.number} was deleted; its link in the chain is left.")
    yield from _moved_links(reading)
    yield from _changed_entries(reading)
    for pk in loose:
        yield Finding(None, INSERTED, f"An entry that never was part of the chain was inserted (key {pk}).")
    for number in reading.torn:
        if not {number - 1, number} & told:
            told.add(number - 1)
            yield Finding(
                number - 1, CHANGED, f"Entry {number - 1} was changed and its own link made anew; the next tells."
            )


def _linkless(reading: _Reading, number: int, loose: Mapping[int, str]) -> int | None:
    """The entry without a link that belongs at the missing `number`, as far as its neighbours still tell."""
    before = reading.hashes.get(number - 1, START if number == 1 else None)
    after = reading.previous.get(number + 1)
    if before is None or after is None:
        return None
    fitting = (pk for pk, digest in list(loose.items())[:_MOST_TRIED] if hash_of(number, before, pk, digest) == after)
    return next(fitting, None)


def _moved_links(reading: _Reading) -> Iterator[Finding]:
    """Links that do not fit themselves: two that changed places, or one that was changed."""
    bent, told = dict(list(reading.bent.items())[:_MOST_TRIED]), reading.told
    for number, link in reading.bent.items():
        if number in told:
            continue
        told.add(number)
        right = (other for other in bent if hash_of(other, link.previous, link.entry_id, link.digest) == link.hash)
        other = next(right, None)
        if other is not None:
            told.add(other)
            first, second = sorted((number, other))
            yield Finding(first, SWAPPED, f"Entries {first} and {second} were swapped.")
        else:
            yield Finding(number, RENUMBERED, f"The link of entry {number} was changed.")


def _changed_entries(reading: _Reading) -> Iterator[Finding]:
    """Entries that do not fit their links: two that changed places, or one that was changed."""
    by_digest, told = {link.digest: number for number, link in reading.changed.items()}, reading.told
    for number, link in reading.changed.items():
        if number in told:
            continue
        told.add(number)
        other = by_digest.get(link.found)
        if other is not None and reading.changed[other].found == link.digest:
            told.add(other)
            first, second = sorted((number, other))
            yield Finding(first, SWAPPED, f"The contents of entries {first} and {second} were swapped.")
        else:
            yield Finding(number, CHANGED, f"Entry {number} was changed.")


def _against(anchors: Iterable[Head], reading: _Reading) -> Iterator[Finding]:
    """What the notes outside the database tell: a tail that was cut, a chain that was made anew."""
    fitted, furthest = 0, 0
    for number, noted in anchors:
        furthest = max(furthest, number)
        kept = START if number == 0 else reading.hashes.get(number)
        if kept == noted:
            fitted = max(fitted, number)
        elif kept is not None and number not in reading.told:
            yield Finding(
                number, REWRITTEN, f"Something between entries {fitted + 1} and {number} was changed and the chain "
                "made anew from there: the hash differs from the one noted outside the database.",
            )  # fmt: skip
            break  # everything after it differs too
    if furthest > reading.last:
        which = (
            f"Entry {furthest} is" if furthest == reading.last + 1 else f"Entries {reading.last + 1} to {furthest} are"
        )
        yield Finding(
            reading.last + 1, CUT, f"{which} missing at the end of the record, where the anchor tells of them."
        )


def _circumstances(told: Collection[int]) -> Iterator[Finding]:
    """Circumstances that were changed, put to an entry that has none, or taken before their time.

    Of entries that do not fit themselves nothing is told, for it is they that say what the circumstance was.
    """
    query = """
        SELECT l.number, c.entry_id, c.kind, c.salt, c.content,
               CASE c.kind WHEN 'origin' THEN e.origin_hash ELSE e.why_hash END
          FROM audit_circumstance c
          LEFT JOIN audit_entry e ON e.id = c.entry_id LEFT JOIN audit_link l ON l.entry_id = c.entry_id
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        for number, pk, kind, salt, content, kept in cursor.fetchall():
            if number not in told and circumstance_hash(salt, content) != kept:
                which = f"entry {number}" if number else f"an entry without a number (key {pk})"
                yield Finding(number, CHANGED, f"The circumstance “{kind}” of {which} was changed.")
    yield from _missing_circumstances(timezone.now(), told)


def _missing_circumstances(now: datetime, told: Collection[int]) -> Iterator[Finding]:
    query = """
        SELECT l.number, e.id, k.kind FROM audit_entry e
          JOIN audit_link l ON l.entry_id = e.id
          CROSS JOIN LATERAL (VALUES ('origin', e.origin_hash), ('why', e.why_hash)) AS k(kind, kept)
          LEFT JOIN audit_circumstance c ON c.entry_id = e.id AND c.kind = k.kind
         WHERE k.kept <> '' AND c.id IS NULL AND (k.kind = 'why' OR e.at > %s)
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT (details->'entries')::text FROM audit_entry WHERE verb = %s", [FORGOTTEN])
        forgotten = {pk for (listed,) in cursor.fetchall() for pk in json.loads(listed or "[]")}
        cursor.execute(query, [now - ORIGIN_KEPT])
        for number, pk, kind in cursor.fetchall():
            if pk not in forgotten and number not in told:
                yield Finding(number, DELETED, f"The circumstance “{kind}” of entry {number} was deleted.")
