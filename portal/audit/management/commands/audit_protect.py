"""``manage.py audit_protect``: the application's database role may add to the record and read it, nothing else."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

GRANTED: Final = {
    "audit_entry": "SELECT, INSERT",
    "audit_link": "SELECT",
    "audit_circumstance": "SELECT, INSERT, DELETE",  # which ones may go, the trigger decides
    "audit_turn": "",
}
REFUSED: Final = (
    *(("audit_entry", right) for right in ("UPDATE", "DELETE", "TRUNCATE")),
    *(("audit_link", right) for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE")),
    *(("audit_circumstance", right) for right in ("UPDATE", "TRUNCATE")),
)


class Command(BaseCommand):
    """Run as the owner of the tables, after each `migrate`; or with --check, as anybody."""

    help = "Give the application's role what it needs in the database, and of the record only reading and adding."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The role, and whether it is only looked at."""
        parser.add_argument("role", help="the database role that the application connects as")
        parser.add_argument("--check", action="store_true", help="change nothing; status 1 where the role may do more")

    def handle(self, *args: Any, **options: Any) -> None:
        """CommandError says what is wrong with the role."""
        role = options["role"]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no database role {role!r}.")
            if not options["check"]:
                for statement in statements(role):
                    cursor.execute(statement)
            problems = list(self._problems(cursor, role, powerful=found[0]))
        if problems:
            raise CommandError(f"The role {role} can change the record: {'; '.join(problems)}.", returncode=1)
        self.stdout.write(f"The role {role} can read the record and add to it, and nothing else.")

    def _problems(self, cursor: Any, role: str, *, powerful: bool) -> Iterator[str]:
        if powerful:
            yield "it is a superuser or may replicate"
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY(%s) "
            "AND pg_has_role(%s, tableowner, 'MEMBER')",
            [list(GRANTED), role],
        )
        yield from (f"it owns {table}" for (table,) in cursor.fetchall())
        cursor.execute(
            "SELECT FROM pg_namespace WHERE nspname = current_schema() AND pg_has_role(%s, nspowner, 'MEMBER')", [role]
        )
        if cursor.fetchone() is not None:  # who may drop whatever is in it
            yield "it owns the schema or the database"
        for table, right in REFUSED:
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
            if cursor.fetchone()[0]:
                yield f"it has {right} on {table}"


def statements(role: str) -> Iterator[str]:
    """What is granted and revoked, in order; as SQL for who does it by hand."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$]{0,62}", role):
        raise CommandError(f"{role!r} is no name of a role.")
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
    yield f"GRANT USAGE ON SCHEMA {schema} TO {name}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {name}"
    for table, rights in GRANTED.items():
        yield f"REVOKE ALL ON {table} FROM PUBLIC, {name}"
        if rights:
            yield f"GRANT {rights} ON {table} TO {name}"
