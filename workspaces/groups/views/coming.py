"""Coming into a group, answering who asks or is invited, and leaving."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.idempotency.answers import did_nothing
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.groups import policies, services
from workspaces.groups.forms import AnswerForm
from workspaces.groups.models import Approach, Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.selectors.participation import forget_places
from workspaces.groups.views.doors import approach_of, seen_group
from workspaces.groups.views.group import entrance


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: SignedInRequest, slug: str) -> HttpResponse:
    """Comes in, or asks to be let in: for an organisation, or for oneself."""
    workspace = seen_group(request.user, slug)
    form = entrance(request, workspace, request.POST if request.method == "POST" else None)
    if form is None:
        raise Refused(_("There is nobody for whom you could come into this group now."))
    if form.is_bound and form.is_valid():
        try:
            inside = services.come_in(
                request.user,
                workspace=workspace,
                organisation=form.organisation,
                words=form.cleaned_data.get("words", ""),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("You take part now.") if inside else _("The facilitators have been asked."))
            return redirect("groups:group", slug)
    context = {**group_frame(request.user, workspace), "form": form, "at_once": policies.joins_at_once(workspace)}
    return render_page(request, "workspaces/groups/join.html", context)


@signed_in
@require_POST
def answer(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Says yes or no: the invited to an invitation, a facilitator to a request."""
    approach = approach_of(request.user, slug, number)
    asked = approach.side == Approach.Side.ASKED
    back = redirect("groups:participants" if asked else "groups:group", slug)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return refused(request, back, _("Say yes or no; a reason may have at most 1,000 characters."))
    accept = form.cleaned_data["answer"] == "accepted"
    try:
        services.approach_answer(request.user, approach=approach, accept=accept, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        return refused(request, back, " ".join(error.messages))
    notice(request, _answered(asked, accept))
    return back if asked else seen_or_list(request, approach.workspace)


def _answered(asked: bool, accept: bool) -> str:
    if asked:
        return _("They are let in and have been told.") if accept else _("They are not let in and have been told.")
    return _("You have accepted.") if accept else _("You have declined. The facilitators have been told.")


def refused(request: HttpRequest, back: HttpResponse, sentence: str) -> HttpResponse:
    """Back to a page with a sentence on why nothing was done."""
    messages.error(request, sentence)
    return did_nothing(back)


def seen_or_list(request: SignedInRequest, workspace: Workspace) -> HttpResponse:
    """The group's page where the reader can still see it, else the list: whoever declines a secret group cannot."""
    forget_places(request.user)
    if policies.can_see(request.user, workspace):
        return redirect("groups:group", workspace.slug)
    return redirect("groups:groups")


@signed_in
@require_POST
def withdraw(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Takes an invitation back, or one's own request."""
    approach = approach_of(request.user, slug, number)
    services.approach_withdraw(request.user, approach=approach)
    notice(request, _("It is taken back."))
    asked = approach.side == Approach.Side.ASKED
    return redirect("groups:group" if asked else "groups:participants", slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, slug: str) -> HttpResponse:
    """Asks whether one's own place is to end, and ends it."""
    workspace = seen_group(request.user, slug)
    place = policies.place(request.user, workspace)
    if place is None:
        raise Refused(_("You do not take part in this group."))
    sentence = ""
    if request.method == "POST":
        participation = workspace.participations.select_related("workspace").get(pk=place.participation_id)
        try:
            services.participation_end(request.user, participation=participation)
        except services.LastFacilitator as refusal:
            sentence = str(refusal.sentence)
        else:
            notice(request, _("You no longer take part in %(group)s.") % {"group": workspace.name})
            return seen_or_list(request, workspace)
    context = {**group_frame(request.user, workspace), "sentence": sentence}
    return render_page(request, "workspaces/groups/leave.html", context, status=409 if sentence else 200)
