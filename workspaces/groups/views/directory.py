"""The directory of groups."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from memberships.people.policies import is_in_network
from portal.access.guards import SignedInRequest, signed_in
from portal.access.policies import is_secretariat
from portal.lists.options import chips, sorts
from portal.lists.rows import Rows
from portal.ui.pagination import paginate
from portal.ui.render import render_page, wants_fragment
from workspaces.groups import policies
from workspaces.groups.filters import SORT_LABELS, GroupFilter
from workspaces.groups.selectors.directory import GroupDirectory, GroupRow, group_rows, groups_found
from workspaces.groups.selectors.unread import unread_by_group

PER_PAGE = 25


@signed_in
@require_safe
def groups(request: SignedInRequest) -> HttpResponse:
    """The groups that the address asks for, of those of which the reader may know."""
    reader = request.user
    directory = GroupDirectory(reader)
    filters = GroupFilter(request.GET, reader=reader, facets=directory.facets)
    found = groups_found(directory, filters)
    unread = unread_by_group(reader)
    rows: Rows[GroupRow] = Rows(found.ids, lambda ids: group_rows(directory, ids, unread))
    context = {
        "filters": filters,
        "facets": found.facets_shown() if is_in_network(reader) else [],
        "chips": chips(filters, directory.label_of),
        "sorts": sorts(filters, SORT_LABELS),
        "corrections": filters.corrections,
        "kept": filters.kept,
        "replaced": wants_fragment(request),
        "total": found.total,
        "page": paginate(request, rows, per_page=PER_PAGE, count=found.total),
        "may_propose": bool(policies.sent_for(reader)) or is_secretariat(reader),
        "current_language": get_language() or "en",
        "may_overlook": policies.can_overlook(reader),
    }
    answer = render_page(request, "workspaces/groups/group_list.html", context, fragment="directory")
    if wants_fragment(request):
        answer.headers["HX-Push-Url"] = f"{request.path}{filters.address(page=request.GET.get('page'))}"
    return answer
