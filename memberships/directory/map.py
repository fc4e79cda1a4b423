"""The map of the world: for each country its dots, its shade and its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from memberships.directory.world import COUNTRIES, ON_DEMAND, VIEWBOX
from portal.ui.countries import country_name


@dataclass(frozen=True, slots=True)
class Shape:
    """One country as the map draws it."""

    country: str
    """ISO 3166-1 alpha-2, or XK."""
    path: str
    css: str
    """m0 to m4 by the number of organisations, or `match` where some of them are in the current results."""
    title: str
    """"Egypt: 4", in the active language; empty where nobody is, which keeps the page small."""

    @property
    def markup(self) -> str:
        """The country in SVG."""
        title = f"<title>{escape(self.title)}</title>" if self.title else ""
        return f'<path class="{self.css}" data-country="{self.country}" d="{self.path}">{title}</path>'


@dataclass(frozen=True, slots=True)
class WorldMap:
    """All that the template `memberships/directory/_map.html` needs, beside the address of the list."""

    shapes: list[Shape]
    countries: int
    """In how many countries there are organisations."""
    matching: int
    """In how many countries the current results are; 0 when nothing is filtered."""
    viewbox: str = VIEWBOX

    @property
    def drawing(self) -> SafeString:
        """All countries in SVG. Written here, for two hundred times round a template's loop is a tenth of the page."""
        return SafeString("".join(shape.markup for shape in self.shapes))


def world_map(counts: Mapping[str, int], matches: Mapping[str, int], *, number: Callable[[int], str] = str) -> WorldMap:
    """Return the map of `counts`, with the countries of `matches` marked; see `country_shapes`."""
    return WorldMap(
        shapes=country_shapes(counts, matches, number=number),
        countries=sum(count > 0 for country, count in counts.items() if country),
        matching=sum(count > 0 for country, count in matches.items() if country),
    )


def country_shapes(
    counts: Mapping[str, int], matches: Mapping[str, int], *, number: Callable[[int], str] = str
) -> list[Shape]:
    """Return what to draw, from the number of organisations by country code.

    `counts`: all that the reader may see on a map, so without hidden countries and without organisations at risk.
    `matches`: those in the current results; leave it empty when nothing is filtered. `number` writes a count in the
    reader's digits. Countries unknown to the map ("" or a code without dots) are left out: the list has them.
    """
    drawn = COUNTRIES | {code: path for code, path in ON_DEMAND.items() if counts.get(code) or matches.get(code)}
    return [
        Shape(
            country=code,
            path=path,
            css=_css(counts.get(code, 0), matches.get(code, 0)),
            title=_title(code, counts.get(code, 0), matches.get(code, 0), number),
        )
        for code, path in drawn.items()
    ]


def _css(count: int, matching: int) -> str:
    if matching > 0:
        return "match"
    return f"m{count if count < 3 else 3 if count < 5 else 4}"


def _title(code: str, count: int, matching: int, number: Callable[[int], str]) -> str:
    if not count and not matching:
        return ""
    values = {"country": country_name(code), "count": number(count), "matching": number(matching)}
    if 0 < matching < count:
        return _("%(country)s: %(count)s, in these results %(matching)s") % values
    return _("%(country)s: %(count)s") % values
