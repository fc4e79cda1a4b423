"""The facets of the directory as its pages show them."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from django.utils.translation import ngettext

from memberships.directory.facets.organisations import OrganisationFacets
from memberships.organisations.models import Region, Standing
from memberships.people.models import Role
from portal.lists.filters import ListFilter
from portal.lists.options import FacetShown, Option, options_of
from portal.search.folding import sort_key
from portal.ui.countries import country_name
from portal.ui.digits import localise_digits
from portal.ui.formats import number
from portal.ui.names import language_name

FIRST: Final = 7
"""Of a long facet so many options are shown at once, those that most have."""
LONG: Final = frozenset({"subject", "language", "country"})
OPEN: Final = frozenset({"region", "subject", "language", "role"})


def facets_shown(
    filters: ListFilter,
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
    filters: ListFilter,
    name: str,
    counts: Mapping[str, int],
    totals: Mapping[str, int],
    organisations: OrganisationFacets,
) -> FacetShown:
    chosen = filters.values[name]
    options = options_of(filters, name, counts, totals, lambda value: label_of(name, value, organisations))
    options = _arranged(name, options)
    first, rest = options, []
    if name in LONG and len(options) > FIRST + 1:
        most = sorted(options, key=lambda option: -totals.get(option.value, 0))[:FIRST]
        first = [*most, *(option for option in options if option.chosen and option not in most)]
        rest = [option for option in options if option not in first]
    is_open = name in OPEN or bool(chosen)
    all_label = _all_label(name, len(options)) if rest else ""
    return FacetShown(name, filters.labels[name], is_open, first, rest, len(first) > FIRST, all_label)


def _all_label(name: str, total: int) -> str:
    sentences: dict[str, Callable[[], str]] = {
        "subject": lambda: ngettext("The only subject", "All %(count)s subjects", total),
        "language": lambda: ngettext("The only language", "All %(count)s languages", total),
        "country": lambda: ngettext("The only country", "All %(count)s countries", total),
    }
    return sentences[name]() % {"count": number(total)}


def _arranged(name: str, options: Sequence[Option]) -> list[Option]:
    if name == "joined":
        return sorted(options, key=lambda option: option.value, reverse=True)
    if name in {"standing", "role"}:
        order = [*Standing.Kind.values, *Role.values]
        return sorted(options, key=lambda option: order.index(option.value))
    return sorted(options, key=lambda option: _label_key(option.label))
