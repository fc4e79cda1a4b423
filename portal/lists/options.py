"""The facets as a page shows them: options with labels, counts and marks; and links that change one thing of a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.lists.filters import BEST_MATCH, ListFilter
from portal.ui.formats import number


@dataclass(frozen=True)
class Option:
    """One value of a facet. `count`: how many there would be, given what is chosen of the other facets."""

    facet: str
    value: str
    label: str
    count: int
    chosen: bool

    @property
    def markup(self) -> SafeString:
        """The option as a line of the facet's list."""
        return _line(self.facet, self.value, self.label, number(self.count), bool(self.count), self.chosen)


@lru_cache(maxsize=8192)  # two hundred on every page, nearly the same for all readers of a language
def _line(facet: str, value: str, label: str, count: str, some: bool, chosen: bool) -> SafeString:
    return format_html(
        '<li{none}><label><input type="checkbox" id="{id}" name="{facet}" value="{value}"{checked}>'
        ' <span>{label}</span> <span class="n">{count}</span></label></li>',
        # The same after the list was replaced, so that the focus stays.
        id=f"facet-{facet}-{value}",
        none="" if some or chosen else SafeString(' class="none"'),
        checked=SafeString(" checked") if chosen else "",
        facet=facet,
        value=value,
        label=label,
        count=count,
    )


@dataclass(frozen=True)
class FacetShown:
    """One facet: the options shown at once, and the rest behind a link, `all_label`: "All 77 subjects"."""

    name: str
    label: Promise | str
    open: bool
    first: list[Option]
    rest: list[Option] = field(default_factory=list)
    rest_open: bool = False  # stays open while somebody chooses from it
    all_label: str = ""


@dataclass(frozen=True)
class Link:
    """One way to change the list."""

    label: Promise | str
    url: str
    current: bool = False
    icon: str = ""


def options_of(
    filters: ListFilter,
    name: str,
    counts: Mapping[str, int],
    totals: Mapping[str, int],
    label_of: Callable[[str], str],
) -> list[Option]:
    """The options of one facet. `totals`: the counts of the whole list."""
    chosen = filters.values[name]
    return [
        Option(name, value, label_of(value), counts.get(value, 0), value in chosen)
        for value in dict.fromkeys([*filters.always(name), *filters.facets.masks[name], *chosen])
        # A value that nobody has whom this reader may see is not named either: only the hidden would have it.
        if counts.get(value) or totals.get(value) or value in chosen or value in filters.always(name)
    ]


def chips(filters: ListFilter, label_of: Callable[[str, str], str]) -> list[Link]:
    """One link for each filter, to the list without it. `label_of(facet, value)` in the active language."""
    links = [Link(f"“{filters.text}”", filters.address(q=None))] if filters.text else []
    return links + [
        Link(label_of(name, value), filters.address(without=(name, value)))
        for name, values in filters.chosen.items()
        for value in values
    ]


def sorts(filters: ListFilter, labels: Mapping[str, Promise]) -> list[Link]:
    """The menu of orders that make sense for this list, the one in force marked."""
    known = dict(filters.filters["sort"].extra["choices"])
    names = [name for name in labels if name in known and (name != BEST_MATCH or filters.text)]
    asked = {name: "" if name == (BEST_MATCH if filters.text else "name") else name for name in names}
    current = filters.sorted_by
    return [Link(labels[name], filters.address(sort=asked[name]), current=name == current) for name in names]
