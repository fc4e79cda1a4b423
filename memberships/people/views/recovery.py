"""The Secretariat's pages for organisations that nobody keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from memberships.people import policies, services
from memberships.people.forms import AdministratorInviteForm, ColleagueForm
from memberships.people.models import Affiliation
from memberships.people.selectors import organisation_by_slug, organisations_without_administrator
from memberships.people.selectors.team import colleagues_of, invitations_of
from portal.access.guards import SignedInRequest, secretariat_only
from portal.access.stepup import fresh_proof
from portal.ui.notices import notice
from portal.ui.pagination import paginate
from portal.ui.render import render_page

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation


@secretariat_only
@require_safe
def recovery(request: SignedInRequest) -> HttpResponse:
    """Organisations without an administrator."""
    page = paginate(request, organisations_without_administrator())
    return render_page(request, "memberships/people/recovery.html", {"page": page})


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("organisation.recover")
def recover(request: SignedInRequest, slug: str) -> HttpResponse:
    """Appoints an administrator from an organisation's people, or invites one."""
    organisation = organisation_by_slug(slug)
    if organisation is None:
        raise Http404
    colleagues = list(colleagues_of(organisation))
    appoint, invite = _forms(request, colleagues)
    if appoint.is_bound and appoint.is_valid():
        if _recovered(request, organisation, appoint, person=appoint.chosen):
            notice(request, _("%(name)s is administrator now and has been told.") % {"name": appoint.chosen.name})
            return redirect("people:recovery")
    elif invite.is_bound and invite.is_valid() and _recovered(request, organisation, invite, **invite.cleaned_data):
        notice(request, _("The invitation to %(email)s is on its way.") % {"email": invite.cleaned_data["email"]})
        return redirect("people:recovery")
    context = {
        "organisation": organisation,
        "recoverable": policies.can_recover(request.user, organisation),
        "appoint": appoint,
        "invite": invite,
        "colleagues": colleagues,
        "invitations": invitations_of(organisation),
    }
    return render_page(request, "memberships/people/recover.html", context)


def _forms(request: HttpRequest, colleagues: list[Affiliation]) -> tuple[ColleagueForm, AdministratorInviteForm]:
    """Both forms of the page, the one that was sent bound to what came with it."""
    sent = request.POST if request.method == "POST" else None
    appoints = request.POST.get("act") == "appoint"
    initial = {"language": get_language() or "en"}
    return (
        ColleagueForm(sent if appoints else None, colleagues=colleagues, prefix="appoint"),
        AdministratorInviteForm(None if appoints else sent, prefix="invite", initial=initial),
    )


def _recovered(request: SignedInRequest, organisation: Organisation, form: Form, **given: Any) -> bool:
    """Whether it could be done; if not, `form` says why."""
    try:
        services.organisation_recover(request.user, organisation=organisation, **given)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
