"""The table of routes. Each slice adds its rows here in the commit that adds the route."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.architecture.world import ANONYMOUS, NETWORK, OWN, ROLES, SECRETARIAT, SIGNED_IN, World

EVERYONE = frozenset(ROLES)
SECRETARIAT_ONLY = frozenset({SECRETARIAT})
OWN_OR_SECRETARIAT = OWN | SECRETARIAT_ONLY


@dataclass(frozen=True)
class Row:
    """Who may GET and who may POST a route, and how the others are refused.

    `get`/`post` None: the verb is not taken (405). `refused`: 404 where the thing must not be known to exist, 403
    where it may. `posted`: what an allowed POST with `data` answers (a redirect, or the page again with errors).
    """

    get: frozenset[str] | None = SIGNED_IN
    post: frozenset[str] | None = None
    refused: int = 403
    arguments: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    data: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    got: frozenset[int] = frozenset({200})
    posted: frozenset[int] = frozenset({200, 302, 303, 422})


def expected(row: Row, role: str, verb: str) -> frozenset[int]:
    """The statuses that are right for this role and verb; an anonymous reader is sent to sign in."""
    allowed = row.get if verb == "get" else row.post
    if role == ANONYMOUS and ANONYMOUS not in ((row.get or frozenset()) | (row.post or frozenset())):
        return frozenset({302})
    if allowed is None:
        # Whether the verb is taken may be asked before or after whether the person may.
        return frozenset({405, row.refused}) if role not in (row.get or row.post or frozenset()) else frozenset({405})
    if role in allowed:
        return row.got if verb == "get" else row.posted
    return frozenset({row.refused})


def of_alpha(world: World) -> dict[str, Any]:
    return {"slug": world.alpha.slug}


ROWS: dict[str, Row] = {
    "home:home": Row(),
    "home:more": Row(),
    "audit:entries": Row(get=SECRETARIAT_ONLY),
}
__all__ = ["EVERYONE", "NETWORK", "OWN", "OWN_OR_SECRETARIAT", "ROWS", "SECRETARIAT_ONLY", "Row", "expected", "of_alpha"]
