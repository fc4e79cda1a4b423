"""The page of a group."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.render import render_page
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.doors import seen_group


@signed_in
@require_safe
def group(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the group is, who takes part, and what is new in it."""
    workspace = seen_group(request.user, slug)
    return render_page(request, "workspaces/groups/group.html", group_frame(request.user, workspace))
