"""How much is new to a reader in the groups in which they take part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import reduce
from operator import add
from typing import Any

from django.db.models import CharField, Count, F, Func, IntegerField, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from portal.accounts.models import User
from workspaces.groups.registry import Section, sections
from workspaces.groups.selectors.participation import places_of

Unread = Mapping[str, Mapping[int, int]]
"""By the name of the section, then by workspace id; those without anything new left out."""


def unread_of(reader: User) -> Unread:
    """What is new to `reader` wherever they take part; one query, once for each loaded `User` (once a request)."""
    known: Unread | None = getattr(reader, "_unread_in_groups", None)
    if known is None:
        known = unread_in(reader, list(places_of(reader)))
        reader._unread_in_groups = known  # type: ignore[attr-defined]
    return known


def unread_by_group_follows(reader: User) -> None:
    """Say that the page will ask what is new in single groups: the rail, which stands before, then asks it too and
    adds it up, so that the database counts once."""
    reader._unread_by_group_follows = True  # type: ignore[attr-defined]


def unread_in(reader: User, workspaces: Collection[int]) -> Unread:
    """What is new to `reader` in these groups; one query, none where there is no group."""
    parts = [_counted(section, things) for section, things in _new(reader, workspaces)] if workspaces else []
    if not parts:
        return {}
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for name, workspace_id, count in parts[0].union(*parts[1:], all=True):
        found[name][workspace_id] = count
    return found


def _new(reader: User, workspaces: Collection[int]) -> list[tuple[Section, QuerySet[Any]]]:
    return [(section, section.unread(reader, workspaces).order_by()) for section in sections if section.unread]


def _counted(section: Section, things: QuerySet[Any]) -> QuerySet[Any, Any]:
    name = Value(section.name, output_field=CharField())
    counted: QuerySet[Any, Any] = things.values("of_workspace").annotate(section=name, n=Count("pk"))
    return counted.values_list("section", "of_workspace", "n")


def unread_number(reader: User) -> int | Combinable:
    """How many things are new to `reader` in all groups, for the rail of every page; an expression where that is not
    known already."""
    everywhere = list(places_of(reader))
    if not everywhere or hasattr(reader, "_unread_in_groups") or hasattr(reader, "_unread_by_group_follows"):
        return unread_in_all(reader)
    numbers = [_number(things) for _section, things in _new(reader, everywhere)]
    return reduce(add, numbers) if numbers else 0


def _number(things: QuerySet[Any]) -> Coalesce:
    # Not Count, which groups: one number for all rows.
    counted = things.annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("n")
    return Coalesce(Subquery(counted), 0)


def unread_in_all(reader: User) -> int:
    """How many things are new to `reader` in all groups."""
    return sum(count for counts in unread_of(reader).values() for count in counts.values())


def unread_by_group(reader: User) -> dict[int, int]:
    """How many things are new to `reader`, by workspace id."""
    total: dict[int, int] = {}
    for counts in unread_of(reader).values():
        for workspace_id, count in counts.items():
            total[workspace_id] = total.get(workspace_id, 0) + count
    return total
