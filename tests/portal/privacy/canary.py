"""A person with random words in every field, and the search for them in everything that is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from memberships.organisations.models import Organisation
from portal.accounts.models import User


def word() -> str:
    """One that occurs nowhere by chance."""
    return "z" + secrets.token_hex(5)


@dataclass
class Canary:
    """`words` are what must not be found once `person` is erased."""

    person: User
    organisation: Organisation
    words: list[str] = field(default_factory=list)


def everywhere(words: list[str]) -> list[str]:
    """Where any of `words` is found: "table", "cache", or the path of a file."""
    found = [table for table in connection.introspection.table_names() if _in_table(table, words)]
    cached = repr(list(getattr(cache, "_cache", {}).items())).lower()
    found += ["cache" for one in words if one.lower() in cached]
    for root in (Path(settings.MEDIA_ROOT), Path(settings.DATA_DIR) / "mails"):
        found += [str(path) for path in root.rglob("*") if path.is_file() and _in_file(path, words)]
    return found


def _in_table(table: str, words: list[str]) -> bool:
    """The database itself looks: each row as text, in whatever columns, and what is kept as bytes."""
    quoted = connection.ops.quote_name(table)
    patterns = [f"%{one}%" for one in words]
    with connection.cursor() as cursor:
        asked = f"SELECT EXISTS (SELECT FROM {quoted} AS t WHERE t::text ILIKE ANY(%s))"  # noqa: S608 - our own tables
        cursor.execute(asked, [patterns])
        if cursor.fetchone()[0]:
            return True
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'bytea'", [table]
        )
        for (column,) in cursor.fetchall():
            name = connection.ops.quote_name(column)
            asked = f"SELECT EXISTS (SELECT FROM {quoted} WHERE encode({name}, 'escape') ILIKE ANY(%s))"  # noqa: S608
            cursor.execute(asked, [patterns])
            if cursor.fetchone()[0]:
                return True
    return False


def _in_file(path: Path, words: list[str]) -> bool:
    content = path.read_bytes().lower() + str(path).lower().encode()
    return any(one.lower().encode() in content for one in words)


def rows_in_all() -> dict[str, int]:
    """How many rows each table of ours has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}
