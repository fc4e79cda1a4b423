"""Proposing a group, and changing what it says about itself."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access.guards import SignedInRequest, signed_in
from portal.access.policies import is_secretariat
from portal.access.refusal import Refused
from portal.access.stepup import fresh_proof
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.groups import policies, services
from workspaces.groups.forms import GroupForm, ProposalForm, VisibilityForm
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.services.proposing import at_once
from workspaces.groups.views.doors import kept_group


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest) -> HttpResponse:
    """Proposes a group for an organisation, or sets one up as the Secretariat."""
    own, secretariat = policies.can_propose(request.user), is_secretariat(request.user)
    if not own and not secretariat:
        raise Refused(_("Administrators and delegates of full members can propose groups."))
    form = ProposalForm(
        request.POST or None, actor=request.user, own=own, secretariat=secretariat, language=get_language() or "en"
    )
    if form.is_bound and form.is_valid():
        try:
            workspace = _proposed(request, form)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            started = workspace.is_active
            notice(request, _("The group has started.") if started else _("The proposal waits for the Secretariat."))
            return redirect(workspace)
    return render_page(request, "workspaces/groups/propose.html", {"form": form, "at_once": secretariat or at_once()})


def _proposed(request: SignedInRequest, form: ProposalForm) -> Workspace:
    given = form.cleaned_data
    return services.workspace_propose(
        request.user,
        organisation=form.organisation,
        texts=form.texts,
        languages=form.spoken,
        kind=given["kind"],
        visibility=given["visibility"],
        members=given["members"],
        review_on=given["review_on"],
        ends_on=given["ends_on"],
        organisations=given["organisations"],
        people=given["people"],
        alliance=form.room_of,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the group says about itself, in which languages, until when."""
    workspace = kept_group(request.user, slug)
    form = GroupForm(request.POST or None, workspace=workspace)
    overtaken = False
    if form.is_bound and form.is_valid():
        try:
            saved = _saved(request, workspace, form)
        except services.Overtaken:
            workspace = kept_group(request.user, slug)
            form, overtaken = form.caught_up(workspace), True
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The group is up to date."))
            return redirect(saved)
    context = {**group_frame(request.user, workspace), "form": form, "overtaken": overtaken}
    return render_page(request, "workspaces/groups/edit.html", context, status=409 if overtaken else 200)


def _saved(request: SignedInRequest, workspace: Workspace, form: GroupForm) -> Workspace:
    given = form.cleaned_data
    return services.workspace_update(
        request.user,
        workspace=workspace,
        version=given["version"],
        texts=form.texts,
        languages=form.spoken,
        review_on=given["review_on"],
        ends_on=given["ends_on"],
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("group.open")
def visibility(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who may come into the group, and so who may read what is said in it."""
    workspace = kept_group(request.user, slug)
    form = VisibilityForm(request.POST or None, initial={"visibility": workspace.visibility})
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["visibility"]
        workspace = services.visibility_set(request.user, workspace=workspace, visibility=chosen)
        notice(request, _("The group is up to date."))
        return redirect(workspace)
    context = {**group_frame(request.user, workspace), "form": form}
    return render_page(request, "workspaces/groups/visibility.html", context)
