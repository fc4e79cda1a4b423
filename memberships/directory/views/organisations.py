"""The directory of organisations: as list, table and map; its countries; the alliances."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from memberships.directory.filters import OrganisationFilter
from memberships.directory.map import WorldMap, world_map
from memberships.directory.policies import check_open
from memberships.directory.selectors import (
    Directory,
    OrganisationRow,
    OrganisationsFound,
    alliance_counts,
    country_rows,
    directory_for,
    map_counts,
    organisation_rows,
    organisations_found,
)
from memberships.directory.views.frame import columns, frame, head, sent, views
from portal.access.guards import SignedInRequest, signed_in
from portal.lists.rows import Rows
from portal.ui.formats import number
from portal.ui.pagination import is_low_bandwidth, paginate
from portal.ui.render import render_page

PER_PAGE = 25


@signed_in
@require_safe
def organisations(request: SignedInRequest) -> HttpResponse:
    """The organisations that the address asks for."""
    directory, filters, found = _found(request)
    rows: Rows[OrganisationRow] = Rows(found.ids, lambda ids: organisation_rows(directory, ids))
    with_map = not is_low_bandwidth(request)
    shown_as = filters.shown_as if with_map or filters.shown_as != "map" else "list"
    context = {
        **frame(request, filters, found, directory.organisations),
        **head(directory),
        "page": paginate(request, rows, per_page=PER_PAGE, count=found.total),
        "shown_as": shown_as,
        "views": views(filters, shown_as, with_map=with_map),
        "columns": columns(filters, ["name", "country", "joined"]),
        "map": _map(found) if with_map and shown_as != "table" else None,
        "countries": country_rows(found) if shown_as == "map" else (),
        "countries_url": reverse("directory:countries") + filters.address(view=None, sort=None),
        "export_bytes": found.exported_bytes,
        "export_count": len(found.exported_ids),
    }
    return sent(request, "memberships/directory/organisation_list.html", context, filters)


@signed_in
@require_safe
def countries(request: SignedInRequest) -> HttpResponse:
    """The map as a table."""
    directory, filters, found = _found(request)
    context = {
        **frame(request, filters, found, directory.organisations),
        **head(directory),
        "countries": country_rows(found),
    }
    return render_page(request, "memberships/directory/country_list.html", context)


@signed_in
@require_safe
def alliances(request: SignedInRequest) -> HttpResponse:
    """The alliances, each with the way to its organisations."""
    check_open(request.user)
    directory = directory_for(request.user)
    context = {**head(directory), "alliances": alliance_counts(directory)}
    return render_page(request, "memberships/directory/alliance_list.html", context)


def _found(request: SignedInRequest) -> tuple[Directory, OrganisationFilter, OrganisationsFound]:
    check_open(request.user)
    directory = directory_for(request.user)
    filters = OrganisationFilter(request.GET, reader=request.user, facets=directory.organisations.facets)
    return directory, filters, organisations_found(directory, filters)


def _map(found: OrganisationsFound) -> WorldMap:
    counts, matches = map_counts(found)
    return world_map(counts, matches, number=number)
