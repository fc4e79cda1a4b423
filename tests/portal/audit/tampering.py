"""Ways of tampering with the record, as somebody does who owns the database: the triggers are taken away first.

Each changes the record inside the caller's transaction and returns what `audit_verify` must say: the number and the
kind of one of its findings. `dice` chooses where. The record holds at least a dozen chained entries, and its head was
noted before.
"""

from collections.abc import Callable
from contextlib import contextmanager
from random import Random

from django.db import connection

from portal.audit import chain
from portal.audit.chain import START, digest_of, hash_of

Expected = tuple[int | None, str]
TABLES = ("audit_entry", "audit_link", "audit_circumstance")


def sql(statement, values=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def without_triggers():
    """As the owner of the tables can."""
    connection.check_constraints()  # what waits for the commit is chained now
    for table in TABLES:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    connection.check_constraints()
    for table, trigger in sql(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname ~ '^audit_'"
    ):
        sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def length():
    return chain.head().number


def somewhere(dice, first=2, before_end=2):
    return dice.randint(first, length() - before_end)


def entry_at(number):
    return sql("SELECT entry_id FROM audit_link WHERE number = %s", [number])[0][0]


def digest_now(pk):
    columns = ", ".join(chain.COLUMNS.values())
    return digest_of(sql(f"SELECT {columns} FROM audit_entry e WHERE id = %s", [pk])[0])  # noqa: S608 - our own columns


def chain_anew(first=1, last=None):
    """Make every link from `first` on fit the entries as they are now, as an intruder who read this code would."""
    before = sql("SELECT hash FROM audit_link WHERE number = %s", [first - 1])
    before = before[0][0] if before else START
    for number, pk in sql(
        "SELECT number, entry_id FROM audit_link WHERE number BETWEEN %s AND %s ORDER BY number",
        [first, last or length()],
    ):
        digest = digest_now(pk)
        new = hash_of(number, before, pk, digest)
        sql(
            "UPDATE audit_link SET digest = %s, previous = %s, hash = %s WHERE number = %s",
            [digest, before, new, number],
        )
        before = new


CHANGES = (
    "verb = 'organisation.confirmed'",
    "actor_id = NULL",
    "at = at - interval '1 hour'",
    "acting_for_name = acting_for_name || ' '",
    "target_id = coalesce(target_id, 0) + 1",
    "details = '{\"fields\": []}'",
    "target_name = 'x'",
)


def change(dice) -> Expected:
    """One column of one entry."""
    number = somewhere(dice)
    sql(f"UPDATE audit_entry SET {dice.choice(CHANGES)} WHERE id = %s", [entry_at(number)])  # noqa: S608
    return number, chain.CHANGED


def delete_entry(dice) -> Expected:
    """The entry, not its link."""
    number = somewhere(dice)
    sql("DELETE FROM audit_entry WHERE id = %s", [entry_at(number)])
    return number, chain.DELETED


def delete_both(dice) -> Expected:
    """The entry and its link."""
    number = somewhere(dice)
    sql("DELETE FROM audit_entry WHERE id = %s", [entry_at(number)])
    sql("DELETE FROM audit_link WHERE number = %s", [number])
    return number, chain.DELETED


def delete_link(dice) -> Expected:
    """The link, not its entry."""
    number = somewhere(dice)
    sql("DELETE FROM audit_link WHERE number = %s", [number])
    return number, chain.UNLINKED


def two(dice):
    first, second = sorted(dice.sample(range(2, length() - 1), 2))
    return first, second


def swap_contents(dice) -> Expected:
    """What two entries say."""
    first, second = two(dice)
    one, other = entry_at(first), entry_at(second)
    for before, after in ((one, -1), (other, one), (-1, other)):
        sql("UPDATE audit_entry SET id = %s WHERE id = %s", [after, before])
    return first, chain.SWAPPED


def swap_places(dice) -> Expected:
    """The places of two entries in the chain."""
    first, second = two(dice)
    for before, after in ((first, -1), (second, first), (-1, second)):
        sql("UPDATE audit_link SET number = %s WHERE number = %s", [after, before])
    return first, chain.SWAPPED


def insert(dice) -> Expected:
    """An entry that was never chained."""
    pk = entry_at(somewhere(dice))
    sql(
        "INSERT INTO audit_entry (at, actor_id, acting_for_name, verb, target_type, target_name, details, origin_hash, "
        "why_hash) SELECT at, actor_id, '', verb, '', '', '{}', '', '' FROM audit_entry WHERE id = %s",
        [pk],
    )
    return None, chain.INSERTED


def insert_and_chain_anew(dice) -> Expected:
    """An entry in between, all later ones moved up and chained anew: only the anchor knows."""
    number, end = somewhere(dice), length()
    insert(dice)
    pk = sql("SELECT max(id) FROM audit_entry")[0][0]
    sql("UPDATE audit_link SET number = -number - 1 WHERE number > %s", [number])
    sql("UPDATE audit_link SET number = -number WHERE number < 0")
    sql("INSERT INTO audit_link VALUES (%s, '', '', '', %s)", [number + 1, pk])
    chain_anew(number + 1)
    return end, chain.REWRITTEN


def cut_tail(dice) -> Expected:
    """The last entries with their links: only the anchor knows."""
    cut = dice.randint(1, 3)
    first = length() - cut + 1
    sql("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_link WHERE number >= %s)", [first])
    sql("DELETE FROM audit_link WHERE number >= %s", [first])
    return first, chain.CUT


def change_with_link(dice) -> Expected:
    """An entry, and its own link made to fit."""
    number, _kind = change(dice)
    chain_anew(number, number)
    return number, chain.CHANGED


def change_and_chain_anew(dice) -> Expected:
    """An entry, and the whole chain after it made to fit: only the anchor knows."""
    number, _kind = change(dice)
    chain_anew(number)
    return length(), chain.REWRITTEN


def change_link(dice) -> Expected:
    """The hash of a link."""
    number = somewhere(dice)
    sql("UPDATE audit_link SET hash = repeat('a', 64) WHERE number = %s", [number])
    return number, chain.RENUMBERED


def circumstance(dice):
    found = sql("SELECT c.id, l.number FROM audit_circumstance c JOIN audit_link l USING (entry_id) ORDER BY c.id")
    return dice.choice(found)


def change_circumstance(dice) -> Expected:
    """Where an act came from, or why."""
    pk, number = circumstance(dice)
    sql("UPDATE audit_circumstance SET content = 'somewhere else' WHERE id = %s", [pk])
    return number, chain.CHANGED


def delete_circumstance(dice) -> Expected:
    """The same taken away before its time."""
    pk, number = circumstance(dice)
    sql("DELETE FROM audit_circumstance WHERE id = %s", [pk])
    return number, chain.DELETED


WAYS: tuple[Callable[[Random], Expected], ...] = (
    change, delete_entry, delete_both, delete_link, swap_contents, swap_places, insert, insert_and_chain_anew,
    cut_tail, change_with_link, change_and_chain_anew, change_link, change_circumstance, delete_circumstance,
)  # fmt: skip
