"""The page of an organisation, its yearly confirmation, its history."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from memberships.organisations import policies, services
from memberships.organisations.forms import OrganisationForm
from memberships.organisations.models import Standing
from memberships.organisations.selectors.changes import history as history_of
from memberships.organisations.selectors.changes import versions_of
from memberships.organisations.selectors.profile import profile_page
from memberships.organisations.views.doors import organisation_with_history, visible_organisation
from portal.access.guards import SignedInRequest, secretariat_only, signed_in
from portal.ui.notices import notice
from portal.ui.pagination import paginate
from portal.ui.render import render_page

TEMPLATE = "memberships/organisations/profile.html"


@signed_in
@require_safe
def profile(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the reader may see of the organisation."""
    organisation = visible_organisation(request.user, slug)
    return render_page(request, TEMPLATE, {"page": profile_page(request.user, organisation)}, fragment="profile")


@signed_in
@require_POST
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """“Everything is still right.”"""
    organisation = visible_organisation(request.user, slug)
    services.profile_confirm(request.user, organisation=organisation)
    notice(request, _("The profile is confirmed as right."))
    return redirect("organisations:profile", slug)


@signed_in
@require_safe
def history(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who changed what in the profile, and when."""
    organisation = organisation_with_history(request.user, slug)
    page = paginate(request, versions_of(organisation), per_page=20)
    entries = history_of(request.user, organisation, [row["version"] for row in page])
    context = {
        "organisation": organisation,
        "page": page,
        "entries": entries,
        "may_edit": policies.can_edit(request.user, organisation),
    }
    return render_page(request, "memberships/organisations/history.html", context)


@secretariat_only
def new(request: SignedInRequest) -> HttpResponse:
    """A new organisation, added by hand."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind, since = Standing.Kind(form.cleaned_data["standing"]), form.cleaned_data["since"]
        try:
            added = services.organisation_create(request.user, values=form.values, standing=kind, since=since)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("%(organisation)s is added.") % {"organisation": added})
            return redirect(added)
    return render_page(request, "memberships/organisations/new.html", {"form": form})
