"""The page of a group."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.render import render_page
from workspaces.groups import policies, services
from workspaces.groups.forms import EntranceForm
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.selectors.page import group_page
from workspaces.groups.views.doors import seen_group


@signed_in
@require_safe
def group(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the group is, who takes part, and what is new in it since the last visit."""
    workspace = seen_group(request.user, slug)
    page = group_page(request.user, workspace)
    answer = render_page(
        request,
        "workspaces/groups/group.html",
        {
            **group_frame(request.user, workspace, who=page.who),
            "page": page,
            "entrance": entrance(request, workspace) if page.may_ask else None,
            "may_decide": policies.can_decide_proposal(request.user, workspace),
            "may_withdraw": policies.can_withdraw_proposal(request.user, workspace),
        },
        fragment="group",
    )
    if "X-Live" not in request.headers:  # a page that keeps itself up to date is no visit
        services.visit(request.user, workspace)
    return answer


def entrance(request: HttpRequest, workspace: Workspace, data: Any = None) -> EntranceForm | None:
    """The form by which the reader can come in, or bring in another organisation; None where they cannot."""
    reader: Any = request.user
    organisations, alone = policies.entrances(reader, workspace)
    if not organisations and not alone:
        return None
    asks = not policies.joins_at_once(workspace)
    return EntranceForm(data, organisations=organisations, alone=alone, asks=asks)
