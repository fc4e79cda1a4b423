"""How much is new to a reader in the groups in which they take part."""

from __future__ import annotations

from collections.abc import Mapping

from portal.accounts.models import User
from workspaces.groups.registry import sections
from workspaces.groups.selectors.participation import places_of

Unread = Mapping[str, Mapping[int, int]]
"""By the name of the section, then by workspace id."""


def unread_of(reader: User) -> Unread:
    """What is new to `reader` wherever they take part; read once for each loaded `User` (once a request).

    One query for each section that counts it; none for who takes part nowhere.
    """
    known: Unread | None = getattr(reader, "_unread_in_groups", None)
    if known is None:
        places = list(places_of(reader))
        counting = [section for section in sections if section.unread is not None] if places else []
        known = {section.name: section.unread(reader, places) for section in counting if section.unread}
        reader._unread_in_groups = known  # type: ignore[attr-defined]
    return known


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
