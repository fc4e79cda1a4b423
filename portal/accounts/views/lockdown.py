"""Locking a seized account, by its owner's code or from the list of locked accounts, and unlocking it by two people."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, public, signed_in
from portal.access.policies import is_secretariat
from portal.access.refusal import Refused
from portal.access.stepup import fresh_proof
from portal.accounts import policies, services
from portal.accounts.forms.lockdown import LockDownForm, UnlockForm
from portal.accounts.models import Lockdown, LockdownCode
from portal.ui.pagination import paginate


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def lock_down(request: HttpRequest) -> HttpResponse:
    """Address and code lock an account. The answer is the same whatever was typed."""
    if request.method == "POST":
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="lock_down")
        if limited is not None:
            return limited
    form = LockDownForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        services.lock_by_code(email=form.cleaned_data["email"], code=form.cleaned_data["code"])
        return redirect("accounts:locked-down")
    return render(request, "portal/accounts/lock_down.html", {"form": form})


@public
@never_cache
@require_safe
def locked_down(request: HttpRequest) -> HttpResponse:
    """What everybody reads who typed something."""
    return render(request, "portal/accounts/locked_down.html")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("account.lock")
def code(request: SignedInRequest) -> HttpResponse:
    """One's own lock-down code: made, and shown this one time."""
    made = ""
    if request.method == "POST":
        made = services.lockdown_code_make(request.user)
        get_adapter().send_notification_mail("account/email/lockdown_code_made", request.user)
    context = {"code": made, "saved": LockdownCode.objects.filter(person=request.user).first()}
    return render(request, "portal/accounts/lockdown_code.html", context)


@signed_in
@require_safe
def lockdowns(request: SignedInRequest) -> HttpResponse:
    """The accounts that are locked now, for those who may unlock them."""
    if not is_secretariat(request.user) and not policies.kept_by(request.user).exists():
        raise Refused(_("Only the Secretariat and administrators can open this page."))
    locked = policies.lockdowns_visible_to(request.user).filter(undone_at__isnull=True).select_related("person")
    return render(request, "portal/accounts/lockdowns.html", {"page": paginate(request, locked)})


@signed_in
@require_safe
def lockdown(request: SignedInRequest, pk: int) -> HttpResponse:
    """One lock-down: whose, since when, who proposed to undo it, and what the reader can do."""
    found = _visible(request, pk)
    context = {
        "lockdown": found,
        "proposed": policies.has_proposal(found),
        "may_propose": policies.can_propose_unlocking(request.user, found),
        "may_confirm": policies.can_confirm_unlocking(request.user, found),
    }
    return render(request, "portal/accounts/lockdown.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("account.unlock")
def unlock(request: SignedInRequest, pk: int) -> HttpResponse:
    """Be the first of the two, or the second."""
    found = _visible(request, pk)
    second = policies.can_confirm_unlocking(request.user, found)
    if not second and not policies.can_propose_unlocking(request.user, found):
        return redirect("accounts:lockdown", pk)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        act = services.unlock_confirm if second else services.unlock_propose
        act(request.user, lockdown=found, why=form.cleaned_data["why"])
        messages.success(request, _("The account is open again.") if second else _("A second person can confirm now."))
        return redirect("accounts:lockdown", pk)
    return render(request, "portal/accounts/unlock.html", {"lockdown": found, "form": form, "second": second})


@signed_in
@require_POST
def unlock_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the proposal back."""
    services.unlock_withdraw(request.user, lockdown=_visible(request, pk))
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("accounts:lockdown", pk)


def _visible(request: SignedInRequest, pk: int) -> Lockdown:
    found = policies.lockdowns_visible_to(request.user).filter(pk=pk)
    lockdown = found.select_related("person", "locked_by", "proposed_by", "undone_by").first()
    if lockdown is None:
        raise Http404
    return lockdown
