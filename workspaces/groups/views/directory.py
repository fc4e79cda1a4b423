"""The directory of groups."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.render import render_page
from workspaces.groups import policies


@signed_in
@require_safe
def groups(request: SignedInRequest) -> HttpResponse:
    """The groups of which the reader may know."""
    return render_page(request, "workspaces/groups/group_list.html", {"groups": policies.visible_to(request.user)})
