"""The Secretariat's page of an organisation's standing and alliances."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from memberships.organisations import services
from memberships.organisations.forms import AllianceForm, StandingForm
from memberships.organisations.models import Alliance, Organisation
from memberships.organisations.selectors import (
    alliance_memberships_of,
    alliances_to_join,
    latest_term,
    terms_of,
)  # fmt: skip
from memberships.organisations.views.doors import kept_organisation
from portal.access.guards import SignedInRequest, signed_in
from portal.access.stepup import fresh_proof
from portal.ui.notices import notice
from portal.ui.render import render_page


@signed_in
@fresh_proof("standing.change")
def standing(request: SignedInRequest, slug: str) -> HttpResponse:
    """The terms so far, and the next one."""
    organisation = kept_organisation(request.user, slug)
    form = StandingForm(request.POST or None, latest=latest_term(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            services.standing_start(request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The standing is recorded."))
            return redirect("organisations:standing", slug)
    return _page(request, organisation, form=form)


@signed_in
@require_POST
def alliance_join(request: SignedInRequest, slug: str) -> HttpResponse:
    """Records that the organisation joined an alliance."""
    organisation = kept_organisation(request.user, slug)
    form = AllianceForm(request.POST, alliances=alliances_to_join(organisation))
    if form.is_valid():
        try:
            services.alliance_join(request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The alliance is recorded."))
            return redirect("organisations:standing", slug)
    return _page(request, organisation, alliance_form=form)


@signed_in
@require_POST
def alliance_leave(request: SignedInRequest, slug: str, alliance: str) -> HttpResponse:
    """Records that the organisation left an alliance today."""
    organisation = kept_organisation(request.user, slug)
    left = Alliance.objects.filter(slug=alliance, memberships__organisation=organisation).first()
    if left is None:
        raise Http404
    try:
        services.alliance_leave(request.user, organisation=organisation, alliance=left)
    except ValidationError:
        # Somebody else was quicker: it is as the reader wanted it.
        pass
    else:
        notice(request, _("%(organisation)s no longer belongs to %(alliance)s.")
               % {"organisation": organisation, "alliance": left})  # fmt: skip
    return redirect("organisations:standing", slug)


def _page(
    request: SignedInRequest,
    organisation: Organisation,
    *,
    form: StandingForm | None = None,
    alliance_form: AllianceForm | None = None,
) -> HttpResponse:
    alliances = alliances_to_join(organisation)
    context: dict[str, Any] = {
        "organisation": organisation,
        "terms": list(terms_of(organisation))[::-1],
        "memberships": alliance_memberships_of(organisation),
        "form": form or StandingForm(latest=latest_term(organisation)),
        "alliance_form": alliance_form or AllianceForm(alliances=alliances),
        "alliances": alliances,
    }
    return render_page(request, "memberships/organisations/standing.html", context)
