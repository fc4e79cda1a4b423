"""The part of the drill `audit` that knows the models: a process of its own, on the drill's durable database."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, OperationalError, connection, transaction  # noqa: E402

from portal.accounts.models import User  # noqa: E402
from portal.audit import anchor, origin  # noqa: E402
from portal.audit.chain import head, verify  # noqa: E402
from portal.audit.models import Entry, Link  # noqa: E402
from portal.audit.services import record  # noqa: E402
from tests.portal.audit import tampering  # noqa: E402

TAMPERINGS, SMALL, ENTRIES, WRITERS, SECONDS = 100, 2_000, 100_000, 20, 4.0
FROM = origin.Origin("203.0.0.0/16", "Firefox, Linux")


def main() -> dict[str, Any]:
    """All figures."""
    call_command("migrate", verbosity=0)
    people = [User.objects.create_user(f"p{n}@example.org", f"Person {n}") for n in range(8)]
    found: dict[str, Any] = {"throughput": throughput(people)}
    found["deadlocks"] = rows_held(people, early=False)
    found["deadlocks early"] = rows_held(people, early=True)
    numbers = list(Link.objects.order_by("number").values_list("number", flat=True))
    found["gaps"] = len(set(range(1, len(numbers) + 1)) ^ set(numbers)) + abs(len(numbers) - Entry.objects.count())
    fill(SMALL - Entry.objects.count(), people[0])
    found["tried"], found["refused"] = refused()
    found["named"], found["missed"] = tampered()
    fill(ENTRIES - Entry.objects.count(), people[1])
    found["entries"] = Entry.objects.count()
    path = Path(settings.AUDIT_ANCHOR)
    anchor.append(path)
    began = time.perf_counter()
    verdict = verify(anchor.read(path).heads)
    found["verify seconds"] = round(time.perf_counter() - began, 2)
    found["in order"] = not verdict.findings and verdict.entries >= ENTRIES
    return found


def at_once(act: Callable[[int], None], writers: int) -> None:
    """`act(n)` in so many threads, all starting together."""
    together = threading.Barrier(writers)

    def run(number: int) -> None:
        together.wait()
        try:
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(run, range(writers)))


def throughput(people: list[User]) -> dict[str, int]:
    """Acts a second: one entry with its origin, committed durably, with and without the chain."""
    found = {}
    for writers in (1, 5, WRITERS):
        found[f"{writers} writers"] = rate(people, writers)
    tampering.sql("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_waits")
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found[f"{WRITERS} writers, without a chain"] = rate(people, WRITERS)
    tampering.sql("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays")
    tampering.sql("ALTER TABLE audit_circumstance DISABLE TRIGGER audit_circumstance_goes")
    tampering.sql("DELETE FROM audit_circumstance WHERE entry_id > %s", [before])
    tampering.sql("DELETE FROM audit_entry WHERE id > %s", [before])
    for table, trigger in (
        ("audit_entry", "audit_entry_waits"),
        ("audit_entry", "audit_entry_stays"),
        ("audit_circumstance", "audit_circumstance_goes"),
    ):
        tampering.sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
    return found


def rate(people: list[User], writers: int) -> int:
    """Committed acts a second by so many writers."""
    done = [0] * writers
    end = time.monotonic() + SECONDS

    def act(number: int) -> None:
        while time.monotonic() < end:
            with transaction.atomic(), origin.coming_from(FROM):
                record(people[number % len(people)], verb="record.exported", details={"count": done[number]})
            done[number] += 1

    at_once(act, writers)
    return round(sum(done) / SECONDS)


def rows_held(people: list[User], *, early: bool) -> int:
    """Deadlocks among writers who hold a row, record, and at the commit need a row that another may hold.

    They take rows in one order, so nothing but the chain could make them wait in a circle. `early`: the chain is
    taken when the entry is written, as a plain trigger would.
    """
    broken: list[str] = []

    def act(number: int) -> None:
        dice = Random(f"writer {number}")
        for _turn in range(4 if early else 25):
            first, second = sorted(dice.sample(range(len(people)), 2))
            try:
                with transaction.atomic():
                    User.objects.select_for_update().get(pk=people[first].pk)
                    record(people[first], verb="record.exported", target=people[first])
                    if early:
                        tampering.sql("SET CONSTRAINTS audit_entry_waits, audit_entry_is_chained IMMEDIATE")
                    # Its foreign key is checked at the commit, and waits for whoever holds that person's row.
                    record(people[second], verb="record.exported", target=people[first])
            except OperationalError as error:
                broken.append(str(error))

    at_once(act, WRITERS)
    return sum("deadlock" in words for words in broken)


def fill(count: int, person: User) -> None:
    """So many entries more, a thousand to a transaction, every tenth with a circumstance."""
    for start in range(0, count, 1000):
        with transaction.atomic():
            tampering.sql(
                "INSERT INTO audit_entry (actor_id, acting_for_id, acting_for_name, verb, target_type, target_id, "
                "target_name, details, origin_hash, why_hash) SELECT %s, n %% 104, 'Organisation ' || n %% 104, "
                "'organisation.updated', 'organisations.organisation', n %% 104, 'Organisation ' || n %% 104, "
                "jsonb_build_object('fields', jsonb_build_array('city'), 'version', n), CASE n %% 10 WHEN 0 THEN "
                "audit_sha256(audit_written('salt') || audit_written('203.0.0.0/16')) ELSE '' END, '' "
                "FROM generate_series(%s, %s) AS n",
                [person.pk, start, min(start + 1000, count) - 1],
            )
            tampering.sql(
                "INSERT INTO audit_circumstance (entry_id, kind, salt, content) SELECT e.id, 'origin', 'salt', "
                "'203.0.0.0/16' FROM audit_entry e LEFT JOIN audit_circumstance c ON c.entry_id = e.id "
                "WHERE e.origin_hash <> '' AND c.id IS NULL"
            )


def refused() -> tuple[int, int]:
    """Every way to change or empty the three tables, as their owner: tried, refused."""
    statements = [
        f"{words} {table}{rest}"
        for table in tampering.TABLES
        for words, rest in (("UPDATE", " SET id = id"), ("DELETE FROM", ""), ("TRUNCATE", ""), ("TRUNCATE", " CASCADE"))
    ]
    count = 0
    for statement in [words.replace("audit_link SET id = id", "audit_link SET hash = ''") for words in statements]:
        try:
            with transaction.atomic():
                tampering.sql(statement)
        except DatabaseError:
            count += 1
    return len(statements), count


def tampered() -> tuple[int, list[str]]:
    """How many of 100 random tamperings were named by number and kind, and those that were not."""
    noted, missed = head(), []
    for turn in range(TAMPERINGS):
        dice = Random(f"tampering {turn}")
        way = dice.choice(tampering.WAYS)
        with transaction.atomic():
            with tampering.without_triggers():
                expected = way(dice)
            if expected not in [(finding.number, finding.kind) for finding in verify([noted]).findings]:
                missed.append(f"{way.__name__} {expected}")
            transaction.set_rollback(True)
    return TAMPERINGS - len(missed), missed


if __name__ == "__main__":
    print(json.dumps(main()))
