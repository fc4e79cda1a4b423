"""How much a group may keep: the Secretariat's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access.guards import SignedInRequest, secretariat_only
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.files import services
from workspaces.files.forms import SpaceForm
from workspaces.files.selectors.space import common_most, space_of
from workspaces.files.views.reading import SECTION
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.doors import seen_group


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
def space(request: SignedInRequest, slug: str) -> HttpResponse:
    """How much there is, and how much there may be; not what."""
    workspace = seen_group(request.user, slug)
    now = space_of(workspace)
    initial = {"megabytes": now.most // 1_000_000} if now.set_apart else {}
    form = SpaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.space_set(request.user, workspace=workspace, megabytes=form.cleaned_data["megabytes"])
        notice(request, _("The space of the group is set."))
        return redirect("group_files:space", workspace.slug)
    context = group_frame(request.user, workspace, current=SECTION)
    context |= {"form": form, "space": now, "common": common_most()}
    return render_page(request, "workspaces/files/space.html", context, status=422 if form.errors else 200)
