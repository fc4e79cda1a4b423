"""What an address may ask of the directory of groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Region
from portal.accounts.models import User
from portal.lists.bitsets import Facets
from portal.lists.filters import BEST_MATCH, ListFilter, TextFilter, ValueFilter, ValuesFilter
from workspaces.groups.models import Workspace

SORTS: Final = ("name", "-name", "active", "organisations", BEST_MATCH)
SORT_LABELS: Final = {
    BEST_MATCH: _("Best match"),
    "name": _("A–Z"),
    "-name": _("Z–A"),
    "active": _("Latest activity"),
    "organisations": _("Most organisations"),
}
MINE: Final = "mine"


class GroupFilter(ListFilter):
    """`?q=&mine=&kind=&visibility=&state=&language=&region=&alliance=&sort=`

    Counted and narrowed in memory alone: there are some hundreds of groups, and each reader knows others.
    """

    q = TextFilter()
    mine = ValuesFilter()
    kind = ValuesFilter()
    language = ValuesFilter()
    region = ValuesFilter()
    alliance = ValuesFilter()
    visibility = ValuesFilter()
    state = ValuesFilter()
    sort = ValueFilter(choices=SORTS, initial="")

    labels: ClassVar = {
        "mine": _("Taking part"),
        "kind": _("Kind"),
        "language": _("Language"),
        "region": _("Region"),
        "alliance": _("Alliance"),
        "visibility": _("Who may come in"),
        "state": _("State"),
    }
    facet_names: ClassVar = tuple(labels)

    def __init__(self, data: Any, *, reader: User, facets: Facets) -> None:
        super().__init__(data, Workspace, reader=reader, facets=facets)

    def always(self, name: str) -> Iterable[str]:
        """What is asked for by everybody; of what only some groups have, only those that the reader may know of."""
        known: dict[str, Iterable[str]] = {
            "mine": [MINE],
            "kind": Workspace.Kind.values,
            "language": Workspace.LANGUAGES,
            "region": Region.values,
            "visibility": [Workspace.Visibility.OPEN.value, Workspace.Visibility.CLOSED.value],
            "state": [Workspace.State.ACTIVE.value, Workspace.State.DISSOLVED.value],
        }
        return known.get(name, ())
