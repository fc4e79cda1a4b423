"""An organisation's team: its people, their titles and roles, handing over, leaving."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from memberships.people import policies, services
from memberships.people.forms import AffiliationForm, ColleagueForm
from memberships.people.selectors.team import (
    HISTORY_SHOWN,
    colleagues_of,
    history_of,
    invitations_with_backing,
    team_of,
)
from memberships.people.views.doors import affiliation_to_end, managed_organisation, team_member, team_organisation
from portal.access.guards import SignedInRequest, signed_in
from portal.access.stepup import fresh_proof
from portal.live.presence import present
from portal.live.selectors import head
from portal.ui.notices import notice
from portal.ui.render import render_page


@signed_in
@require_safe
def team(request: SignedInRequest, slug: str) -> HttpResponse:
    """The people who act for the organisation now, who is invited, and how it came to be."""
    organisation = team_organisation(request.user, slug)
    manages = policies.can_manage_people(request.user, organisation)
    history = history_of(organisation)
    shown = history if request.GET.get("history") == "all" else history[:HISTORY_SHOWN]
    members = team_of(organisation)
    context = {
        "organisation": organisation,
        "team": members,
        "here": present([member.affiliation.person_id for member in members]),
        "manages": manages,
        "invitations": invitations_with_backing(organisation) if manages else (),
        "history": shown,
        "history_left_out": len(history) - len(shown),
        "live_number": head(f"organisation:{organisation.pk}"),
    }
    return render_page(request, "memberships/people/team.html", context, fragment="people")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("role.change")
def affiliation_edit(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Title and roles of one colleague."""
    organisation = managed_organisation(request.user, slug)
    member = team_member(organisation, pk)
    form = AffiliationForm(
        request.POST or None, member=member, roles=policies.roles_to_give(request.user, organisation)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.affiliation_update(
                request.user,
                affiliation=member.affiliation,
                title=form.cleaned_data["title"],
                give=form.given,
                end=form.ended,
            )
        except services.LastAdministrator as refusal:
            form.add_error("roles", str(refusal.sentence))
        else:
            notice(request, _("%(name)s is up to date.") % {"name": member.affiliation.person.name})
            return redirect("people:team", slug)
    context = {"organisation": organisation, "member": member, "form": form}
    return render_page(request, "memberships/people/affiliation_edit.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("role.change")
def affiliation_end(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Asks whether a colleague's time, or one's own, is to end, and ends it."""
    affiliation = affiliation_to_end(request.user, slug, pk)
    own = affiliation.person_id == request.user.pk
    sentence = ""
    if request.method == "POST":
        try:
            services.affiliation_end(request.user, affiliation=affiliation)
        except services.LastAdministrator as refusal:
            sentence = str(refusal.sentence)
        else:
            names = {"name": affiliation.person.name, "organisation": affiliation.organisation.display_name}
            notice(request, _("%(name)s no longer belongs to %(organisation)s.") % names)
            return redirect("home:home") if own else redirect("people:team", slug)
    context = {"organisation": affiliation.organisation, "affiliation": affiliation, "own": own, "sentence": sentence}
    return render_page(request, "memberships/people/affiliation_end.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("role.change")
def handover(request: SignedInRequest, slug: str) -> HttpResponse:
    """Makes a colleague administrator in one's own place."""
    organisation = managed_organisation(request.user, slug)
    colleagues = list(colleagues_of(organisation).exclude(person_id=request.user.pk))
    form = ColleagueForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            services.handover(request.user, organisation=organisation, to_person=form.chosen)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            names = {"name": form.chosen.name, "organisation": organisation}
            notice(request, _("%(name)s now keeps %(organisation)s.") % names)
            return redirect("people:team", slug)
    context = {"organisation": organisation, "form": form, "colleagues": colleagues}
    return render_page(request, "memberships/people/handover.html", context)
