"""Inviting colleagues."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from memberships.people import policies, services
from memberships.people.forms import InviteForm
from memberships.people.selectors.team import invitations_of
from memberships.people.views.doors import managed_organisation
from portal.access.guards import SignedInRequest, signed_in
from portal.access.stepup import fresh_proof
from portal.ui.notices import notice
from portal.ui.render import render_page


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("role.change")
def invite(request: SignedInRequest, slug: str) -> HttpResponse:
    """A form for the address, name, title and roles of a colleague to be; the mail goes out with the next job."""
    organisation = managed_organisation(request.user, slug)
    form = InviteForm(
        request.POST or None,
        roles=policies.roles_to_give(request.user, organisation),
        initial={"language": request.user.language},
    )
    if request.method == "POST" and form.is_valid():
        try:
            terms = services.invite_colleague(request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The invitation to %(email)s is on its way.") % {"email": terms.invitation.email})
            return redirect("people:team", slug)
    return render_page(request, "memberships/people/invite.html", {"organisation": organisation, "form": form})


@signed_in
@require_POST
def resend(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Sends an invitation anew; the link in the first mail no longer works."""
    organisation = managed_organisation(request.user, slug)
    terms = get_object_or_404(invitations_of(organisation), pk=pk)
    services.invitation_resend(request.user, terms=terms)
    notice(request, _("The invitation to %(email)s is on its way again.") % {"email": terms.invitation.email})
    return redirect("people:team", slug)


@signed_in
@require_POST
def revoke(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraws an invitation."""
    organisation = managed_organisation(request.user, slug)
    terms = get_object_or_404(invitations_of(organisation), pk=pk)
    services.invitation_revoke(request.user, terms=terms)
    notice(request, _("The invitation to %(email)s is withdrawn.") % {"email": terms.invitation.email})
    return redirect("people:team", slug)
