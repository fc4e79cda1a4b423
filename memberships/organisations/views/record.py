"""An organisation's own part of the record of acts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from memberships.organisations.views.doors import organisation_with_record
from portal.access.guards import SignedInRequest, signed_in
from portal.audit.filters import EntryFilter
from portal.audit.selectors import about, for_showing, lines
from portal.ui.pagination import paginate

PER_PAGE = 50


@signed_in
@require_safe
def record(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was done for the organisation or to it, latest first; not where from, nor why: reasons may name others."""
    organisation = organisation_with_record(request.user, slug)
    chosen = EntryFilter(request.GET, queryset=about(organisation))
    page = paginate(request, for_showing(chosen.found), per_page=PER_PAGE)
    context = {
        "organisation": organisation,
        "filter": chosen,
        "page": page,
        "lines": lines(page.object_list, whole=False),
    }
    return render(request, "memberships/organisations/record.html", context)
