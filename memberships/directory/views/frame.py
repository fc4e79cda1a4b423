"""What the pages of the directory share: links that change one thing of the address."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from memberships.directory.facets.organisations import OrganisationFacets
from memberships.directory.filters.options import facets_shown, label_of
from memberships.directory.selectors import Directory, OrganisationsFound, PeopleFound
from portal.lists.filters import BEST_MATCH, ListFilter
from portal.lists.options import FacetShown, Link, chips, sorts
from portal.ui.formats import number
from portal.ui.render import render_page, wants_fragment

Found = OrganisationsFound | PeopleFound

SORT_LABELS: Final[Mapping[str, Promise]] = {
    BEST_MATCH: _("Best match"),
    "name": _("A–Z"),
    "-name": _("Z–A"),
    "country": _("Country"),
    "joined": _("First to join"),
    "-joined": _("Last to join"),
}
VIEW_LABELS: Final[Mapping[str, tuple[Promise, str]]] = {
    "list": (_("List"), "list"),
    "table": (_("Table"), "table"),
    "map": (_("Map"), "map"),
}


def frame(request: HttpRequest, filters: ListFilter, found: Found, organisations: OrganisationFacets) -> dict[str, Any]:
    """The part of the context that both lists have: facets, chips, ways to sort, what was left out."""
    return {
        "filters": filters,
        "facets": _facets(filters, found, organisations),
        "chips": chips(filters, lambda name, value: label_of(name, value, organisations)),
        "sorts": sorts(filters, SORT_LABELS),
        "total": found.total,
        "corrections": filters.corrections,
        "export_query": filters.address(view=None),
        "live_query": filters.address(page=request.GET.get("page")),
        "kept": filters.kept,
        "replaced": wants_fragment(request),
    }


def head(directory: Directory) -> dict[str, Any]:
    """The part of the context for title and tabs, and the number the page is up to date with."""
    figures = directory.figures
    countries = ngettext("%(count)s country", "%(count)s countries", figures.countries)
    sentence = ngettext(
        "%(members)s full member in %(countries)s. Everyone here is a colleague: write, ask, borrow.",
        "%(members)s full members in %(countries)s. Everyone here is a colleague: write, ask, borrow.",
        figures.full_members,
    )
    places = countries % {"count": number(figures.countries)}
    return {
        "figures": figures,
        "intro": sentence % {"members": number(figures.full_members), "countries": places},
        "live_number": directory.version.number,
    }


def sent(request: HttpRequest, template: str, context: Mapping[str, Any], filters: ListFilter) -> HttpResponse:
    """The list as a page, or the part of it that htmx replaces, with the clean address for the browser's bar."""
    answer = render_page(request, template, context, fragment="directory")
    if wants_fragment(request):
        answer.headers["HX-Push-Url"] = f"{request.path}{filters.address(page=request.GET.get('page'))}"
    return answer


def views(filters: ListFilter, current: str, *, with_map: bool) -> list[Link]:
    """The ways to show the list, the one in force marked."""
    return [
        Link(label, filters.address(view=view), current=view == current, icon=icon)
        for view, (label, icon) in VIEW_LABELS.items()
        if with_map or view != "map"
    ]


def columns(filters: ListFilter, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """For the heads of a table: by column the address that sorts by it, and how it is sorted (for aria-sort)."""
    current = filters.sorted_by
    heads = {}
    for name in names:
        state = {name: "ascending", f"-{name}": "descending"}.get(current, "")
        wanted = f"-{name}" if state == "ascending" else name
        heads[name] = {"url": filters.address(sort=wanted), "state": state}
    return heads


def _facets(filters: ListFilter, found: Found, organisations: OrganisationFacets) -> list[FacetShown]:
    return facets_shown(filters, found.counts(), filters.facets.counts({}, within=found.whole), organisations)
