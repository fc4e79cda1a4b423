"""The people directory."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from memberships.directory.filters import PeopleFilter
from memberships.directory.policies import check_open
from memberships.directory.selectors import PersonRow, directory_for, people_found, person_rows
from memberships.directory.views.frame import frame, head, sent
from portal.access.guards import SignedInRequest, signed_in
from portal.lists.rows import Rows
from portal.ui.pagination import paginate

PER_PAGE = 25


@signed_in
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """The people that the address asks for, as far as the reader may see them."""
    check_open(request.user)
    directory = directory_for(request.user)
    filters = PeopleFilter(request.GET, reader=request.user, facets=directory.people.facets)
    found = people_found(directory, filters)
    rows: Rows[PersonRow] = Rows(found.ids, lambda ids: person_rows(directory, ids))
    context = {
        **frame(request, filters, found, directory.organisations),
        **head(directory),
        "page": paginate(request, rows, per_page=PER_PAGE, count=found.total),
        "export_count": len(found.exported_ids),
    }
    return sent(request, "memberships/directory/people_list.html", context, filters)
