"""Starting, declining, withdrawing, dissolving and reopening a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.groups import policies, services
from workspaces.groups.forms import NoteForm
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.coming import refused
from workspaces.groups.views.doors import seen_group


@signed_in
@require_POST
def activate(request: SignedInRequest, slug: str) -> HttpResponse:
    """Starts a proposed group."""
    workspace = seen_group(request.user, slug)
    if not policies.can_decide_proposal(request.user, workspace):
        raise Refused(_("Only the Secretariat decides on proposed groups, as long as they wait."))
    try:
        services.workspace_activate(request.user, workspace=workspace)
    except ValidationError as error:
        return refused(request, redirect("groups:group", slug), " ".join(error.messages))
    notice(request, _("The group has started. Those invited have been told."))
    return redirect("groups:group", slug)


@signed_in
@require_POST
def withdraw(request: SignedInRequest, slug: str) -> HttpResponse:
    """Takes a proposal back."""
    workspace = seen_group(request.user, slug)
    if not policies.can_withdraw_proposal(request.user, workspace):
        raise Refused(_("Only whoever proposed the group can take the proposal back, as long as it waits."))
    try:
        services.workspace_withdraw(request.user, workspace=workspace)
    except ValidationError as error:
        return refused(request, redirect("groups:group", slug), " ".join(error.messages))
    notice(request, _("The proposal is taken back."))
    return redirect("groups:group", slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: SignedInRequest, slug: str) -> HttpResponse:
    """Says that a proposed group is not taken up, and why."""
    workspace = seen_group(request.user, slug)
    if not policies.can_decide_proposal(request.user, workspace):
        raise Refused(_("Only the Secretariat decides on proposed groups, as long as they wait."))
    form = NoteForm(
        request.POST or None, label=gettext_lazy("Reason"), hint=gettext_lazy("Whoever proposed the group reads it.")
    )
    done = gettext_lazy("The proposal is not taken up. Whoever made it has been told.")
    return _noted(request, workspace, form, services.workspace_decline, done, "workspaces/groups/decline.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def dissolve(request: SignedInRequest, slug: str) -> HttpResponse:
    """Asks whether the group is to be dissolved, with a closing note, and dissolves it."""
    workspace = seen_group(request.user, slug)
    if not policies.can_dissolve(request.user, workspace):
        raise Refused(_("Only facilitators and the Secretariat can dissolve a group, as long as it works."))
    form = NoteForm(
        request.POST or None,
        label=gettext_lazy("Closing note"),
        hint=gettext_lazy("What was reached, what is left, whom to ask. It stays on the group’s page."),
    )
    done = gettext_lazy("The group is dissolved. It stays readable.")
    return _noted(request, workspace, form, services.workspace_dissolve, done, "workspaces/groups/dissolve.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedInRequest, slug: str) -> HttpResponse:
    """Makes the archive a working group again."""
    workspace = seen_group(request.user, slug)
    if not policies.can_reopen(request.user, workspace):
        raise Refused(_("Only the Secretariat can reopen a group that was dissolved."))
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        label=gettext_lazy("Reason"),
        hint=gettext_lazy("It stays in the history of the group."),
        required=False,
    )
    done = gettext_lazy("The group works again. Whoever is in it has been told.")
    return _noted(request, workspace, form, services.workspace_reopen, done, "workspaces/groups/reopen.html")


def _noted(
    request: SignedInRequest,
    workspace: Workspace,
    form: NoteForm,
    act: Callable[..., Workspace],
    done: Promise,
    template: str,
) -> HttpResponse:
    """Carry out `act` with the note, or show the page that asks for it."""
    if form.is_bound and form.is_valid():
        try:
            act(request.user, workspace=workspace, note=form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, str(done))
            return redirect("groups:group", workspace.slug)
    context: dict[str, Any] = {**group_frame(request.user, workspace), "form": form}
    return render_page(request, template, context)
