"""The facets as the page shows them: options with labels, counts and marks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from memberships.directory.facets.organisations import OrganisationFacets
from memberships.directory.filters.lenient import DirectoryFilter
from memberships.organisations.models import Region, Standing
from memberships.people.models import Role
from portal.search.folding import sort_key
from portal.ui.countries import country_name
from portal.ui.digits import localise_digits
from portal.ui.formats import number
from portal.ui.names import language_name

FIRST: Final = 7
"""Of a long facet so many options are shown at once, those that most have."""
LONG: Final = frozenset({"subject", "language", "country"})
OPEN: Final = frozenset({"region", "subject", "language", "role"})


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
    """One facet: the options shown at once, and the rest behind a link."""

    name: str
    label: Promise | str
    open: bool
    first: list[Option]
    rest: list[Option] = field(default_factory=list)
    rest_open: bool = False  # stays open while somebody chooses from it

    @property
    def all_label(self) -> str:
        """The link to the rest: "All 77 subjects"."""
        total = len(self.first) + len(self.rest)
        sentences: dict[str, Callable[[], str]] = {
            "subject": lambda: ngettext("The only subject", "All %(count)s subjects", total),
            "language": lambda: ngettext("The only language", "All %(count)s languages", total),
            "country": lambda: ngettext("The only country", "All %(count)s countries", total),
        }
        return sentences[self.name]() % {"count": number(total)}


def facets_shown(
    filters: DirectoryFilter,
    counts: Mapping[str, Mapping[str, int]],
    totals: Mapping[str, Mapping[str, int]],
    organisations: OrganisationFacets,
) -> list[FacetShown]:
    """The facets in the order of the page. `totals`: the counts of the whole list, by which long facets are cut."""
    return [_facet(filters, name, counts[name], totals[name], organisations) for name in filters.facet_names]


def label_of(name: str, value: str, organisations: OrganisationFacets) -> str:
    """The label of one value of a facet, in the active language."""
    if name == "subject":
        return organisations.subjects[value].name
    if name == "alliance":
        return organisations.alliances[value].name
    return str(_LABELLED[name](value))


def _years(value: str) -> str:
    return localise_digits(f"{value}–{int(value) + 9}")


_LABELLED: Final[Mapping[str, Callable[[str], object]]] = {
    "region": lambda value: Region(value).label,
    "standing": lambda value: Standing.Kind(value).label,
    "role": lambda value: Role(value).label,
    "country": country_name,
    "language": language_name,
    "joined": _years,
}
# The same few hundred labels on every page.
_label_key = lru_cache(maxsize=4096)(sort_key)


def _facet(
    filters: DirectoryFilter,
    name: str,
    counts: Mapping[str, int],
    totals: Mapping[str, int],
    organisations: OrganisationFacets,
) -> FacetShown:
    chosen = filters.values[name]
    options = [
        Option(name, value, label_of(name, value, organisations), counts.get(value, 0), value in chosen)
        for value in dict.fromkeys([*filters.always(name), *filters.facets.masks[name], *chosen])
        # A value that nobody has whom this reader may see is not named either: only the hidden would have it.
        if counts.get(value) or totals.get(value) or value in chosen or value in filters.always(name)
    ]
    options = _arranged(name, options)
    first, rest = options, []
    if name in LONG and len(options) > FIRST + 1:
        most = sorted(options, key=lambda option: -totals.get(option.value, 0))[:FIRST]
        first = [*most, *(option for option in options if option.chosen and option not in most)]
        rest = [option for option in options if option not in first]
    return FacetShown(name, filters.labels[name], name in OPEN or bool(chosen), first, rest, len(first) > FIRST)


def _arranged(name: str, options: Sequence[Option]) -> list[Option]:
    if name == "joined":
        return sorted(options, key=lambda option: option.value, reverse=True)
    if name in {"standing", "role"}:
        order = [*Standing.Kind.values, *Role.values]
        return sorted(options, key=lambda option: order.index(option.value))
    return sorted(options, key=lambda option: _label_key(option.label))
