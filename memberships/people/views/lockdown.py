"""Locking a colleague's account."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from memberships.people import policies
from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.access.stepup import fresh_proof
from portal.accounts.forms.lockdown import LockColleagueForm
from portal.accounts.models import Lockdown, User
from portal.accounts.policies import can_keep
from portal.accounts.services import account_lock
from portal.ui.notices import notice
from portal.ui.render import render_page


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("account.lock")
def lock_down(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lock the account of someone whom the reader keeps, in one act."""
    person = get_object_or_404(User, pk=pk)
    if not can_keep(request.user, person):
        if not policies.can_see_person(request.user, person):
            raise Http404
        raise Refused(_("Only the administrators of their organisation and the Secretariat can lock this account."))
    if (locked := Lockdown.objects.filter(person=person, undone_at__isnull=True).first()) is not None:
        return redirect("accounts:lockdown", locked.pk)
    form = LockColleagueForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        locked = account_lock(request.user, person=person, why=form.cleaned_data["why"])
        notice(request, _("The account is locked."))
        return redirect("accounts:lockdown", locked.pk)
    return render_page(request, "memberships/people/lock_down.html", {"person": person, "form": form})
