"""Inviting organisations, people and guests to a group."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from memberships.organisations.models import Organisation
from portal.access.guards import SignedInRequest, signed_in
from portal.access.stepup import fresh_proof
from portal.accounts.models import User
from portal.search.folding import clean_name
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.groups import services
from workspaces.groups.forms import GuestForm, OrganisationInviteForm, PersonInviteForm
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.candidates import organisations_called, people_called
from workspaces.groups.selectors.frame import PARTICIPANTS, group_frame
from workspaces.groups.views.doors import guest_invitation_of, kept_group


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: SignedInRequest, slug: str) -> HttpResponse:
    """Looks for an organisation by name, and invites it."""
    workspace = kept_group(request.user, slug)
    text = _text(request)
    form = OrganisationInviteForm(
        request.POST or None, found=organisations_called(request.user, workspace, text), initial={"q": text}
    )
    if form.is_bound and form.is_valid():
        invited = Organisation.objects.get(pk=form.cleaned_data["chosen"])
        words = form.cleaned_data["words"]
        try:
            services.organisation_invite(request.user, workspace=workspace, organisation=invited, words=words)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            said = {"organisation": invited.display_name}
            notice(request, _("%(organisation)s is invited. Whoever decides for it has been told.") % said)
            return redirect("groups:participants", slug)
    return _page(request, workspace, form, what="organisation", text=text)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, slug: str) -> HttpResponse:
    """Looks for a person by name, and invites them for themselves."""
    workspace = kept_group(request.user, slug)
    text = _text(request)
    form = PersonInviteForm(
        request.POST or None, found=people_called(request.user, workspace, text), initial={"q": text}
    )
    if form.is_bound and form.is_valid():
        invited = User.objects.get(pk=form.cleaned_data["chosen"])
        try:
            words = form.cleaned_data["words"]
            services.person_invite(request.user, workspace=workspace, person=invited, words=words)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            notice(request, _("%(name)s is invited and has been told.") % {"name": invited.name})
            return redirect("groups:participants", slug)
    return _page(request, workspace, form, what="person", text=text)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("guest.invite")
def guest(request: SignedInRequest, slug: str) -> HttpResponse:
    """Invites somebody from outside the network by mail, until a day."""
    workspace = kept_group(request.user, slug)
    form = GuestForm(request.POST or None, initial={"language": request.user.language})
    if form.is_bound and form.is_valid():
        try:
            services.guest_invite(request.user, workspace=workspace, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]})
            return redirect("groups:participants", slug)
    return _page(request, workspace, form, what="guest")


@signed_in
@require_POST
def guest_withdraw(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Withdraws an invitation to a guest."""
    invited = guest_invitation_of(request.user, slug, number)
    services.guest_invitation_withdraw(request.user, guest=invited)
    notice(request, _("The invitation to %(email)s is withdrawn.") % {"email": invited.invitation.email})
    return redirect("groups:participants", slug)


def _text(request: SignedInRequest) -> str:
    asked = request.POST if request.method == "POST" else request.GET
    return clean_name(asked.get("q", ""))[:200]


def _page(request: SignedInRequest, workspace: Workspace, form: Any, *, what: str, text: str = "") -> HttpResponse:
    context = {
        **group_frame(request.user, workspace, current=PARTICIPANTS),
        "form": form,
        "what": what,
        "text": text,
    }
    return render_page(request, "workspaces/groups/invite.html", context)
