"""Who takes part in a group, and keeping that list."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.access.stepup import fresh_proof
from portal.ui.notices import notice
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.groups import policies, services
from workspaces.groups.forms import AnswerForm, ColleaguesForm, LastDayForm, ReasonForm
from workspaces.groups.selectors import participants as reads
from workspaces.groups.selectors.frame import PARTICIPANTS, group_frame
from workspaces.groups.views.coming import refused, seen_or_list
from workspaces.groups.views.doors import organisation_of, peopled_group, place_of, seen_group

PER_PAGE = 50


@signed_in
@require_safe
def participants(request: SignedInRequest, slug: str) -> HttpResponse:
    """By organisation, who keeps the group first; for those who keep it also who waits."""
    reader = request.user
    workspace = peopled_group(reader, slug)
    page = paginate(request, reads.organisations_in(reader, workspace), per_page=PER_PAGE)
    frame = group_frame(reader, workspace, current=PARTICIPANTS)
    keeps = frame["may_keep"]
    context = {
        **frame,
        "page": page,
        "organisations": reads.with_people(reader, workspace, list(page.object_list)),
        "alone": reads.people_alone(reader, workspace),
        "guests": reads.guests_in(reader, workspace),
        "requests": list(reads.requests_waiting(workspace)) if keeps else [],
        "invitations": list(reads.invitations_open(workspace)) if keeps else [],
        "guest_invitations": reads.guest_invitations_open(workspace) if keeps else [],
        "answer": AnswerForm(),
    }
    return render_page(request, "workspaces/groups/participants.html", context, fragment="people")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Asks whether somebody's place is to end, and ends it."""
    place = place_of(request.user, slug, number)
    if not policies.can_end(request.user, place):
        raise Refused(_("Only facilitators can remove others from a group."))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.participation_end(request.user, participation=place, reason=form.cleaned_data["reason"])
        except services.LastFacilitator as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            notice(request, _("%(name)s no longer takes part.") % {"name": place.person.name})
            return redirect("groups:participants", slug)
    context = {**group_frame(request.user, place.workspace, current=PARTICIPANTS), "taken": place, "form": form}
    return render_page(request, "workspaces/groups/remove.html", context)


@signed_in
@require_POST
@fresh_proof("role.change")
def appoint(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Makes a participant facilitator."""
    place = place_of(request.user, slug, number)
    try:
        services.facilitator_appoint(request.user, participation=place)
    except ValidationError as error:
        return refused(request, redirect("groups:participants", slug), " ".join(error.messages))
    notice(request, _("%(name)s keeps the group now and has been told.") % {"name": place.person.name})
    return redirect("groups:participants", slug)


@signed_in
@require_POST
@fresh_proof("role.change")
def dismiss(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Takes the facilitator's role; the person stays a participant."""
    place = place_of(request.user, slug, number)
    try:
        services.facilitator_dismiss(request.user, participation=place)
    except ValidationError as error:
        return refused(request, redirect("groups:participants", slug), " ".join(error.messages))
    notice(request, _("%(name)s no longer keeps the group.") % {"name": place.person.name})
    return redirect("groups:participants", slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def prolong(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Moves a guest's last day."""
    place = place_of(request.user, slug, number)
    if not policies.can_invite(request.user, place.workspace) or not place.is_guest:
        raise Refused(_("Only facilitators move the last day, and only a guest's."))
    form = LastDayForm(request.POST or None, initial={"ends_on": place.ends_on})
    if form.is_bound and form.is_valid():
        try:
            services.guest_prolong(request.user, participation=place, ends_on=form.cleaned_data["ends_on"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The last day is moved."))
            return redirect("groups:participants", slug)
    context = {**group_frame(request.user, place.workspace, current=PARTICIPANTS), "guest": place, "form": form}
    return render_page(request, "workspaces/groups/prolong.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: SignedInRequest, slug: str, organisation: str) -> HttpResponse:
    """Names which of an organisation's people take part."""
    workspace = seen_group(request.user, slug)
    named_for = organisation_of(request.user, workspace, organisation)
    if not policies.can_name_people(request.user, workspace, named_for):
        raise Refused(_("Only administrators and delegates name who takes part for their organisation."))
    colleagues = reads.colleagues_to_name(workspace, named_for)
    form = ColleaguesForm(request.POST or None, colleagues=colleagues)
    if form.is_bound and form.is_valid():
        try:
            for person in form.chosen:
                services.colleague_name(request.user, workspace=workspace, organisation=named_for, person=person)
        except ValidationError as error:
            form.add_error("people", " ".join(error.messages))
        else:
            notice(request, _("They take part now and have been told."))
            return redirect("groups:group", slug)
    context = {**group_frame(request.user, workspace, current=PARTICIPANTS), "organisation": named_for, "form": form}
    return render_page(request, "workspaces/groups/name.html", {**context, "colleagues": colleagues})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: SignedInRequest, slug: str, organisation: str) -> HttpResponse:
    """Asks whether an organisation is to leave the group with all its people, and takes it out."""
    workspace = seen_group(request.user, slug)
    leaving = organisation_of(request.user, workspace, organisation)
    if not policies.can_take_out(request.user, workspace, leaving):
        raise Refused(_("Only facilitators and whoever decides for the organisation can take it out of a group."))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.organisation_end(request.user, workspace=workspace, organisation=leaving, reason=reason)
        except services.LastFacilitator as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            said = {"organisation": leaving.display_name}
            notice(request, _("%(organisation)s no longer takes part.") % said)
            return seen_or_list(request, workspace)
    context = {**group_frame(request.user, workspace, current=PARTICIPANTS), "organisation": leaving, "form": form}
    own = policies.can_send_for(request.user, leaving)
    return render_page(request, "workspaces/groups/take_out.html", {**context, "own": own})
