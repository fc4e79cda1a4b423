"""Recovery of accounts whose second factors are lost: the Secretariat's pages, and the links of the person's mails."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, public, secretariat_only, signed_in
from portal.access.refusal import Refused
from portal.access.stepup import fresh_proof
from portal.accounts import policies
from portal.accounts.forms.recovery import RecoverForm, RecoveryStartForm
from portal.accounts.models import AccountRecovery, User
from portal.accounts.services import recovery as services
from portal.ui.pagination import paginate


@secretariat_only
@require_safe
def recoveries(request: SignedInRequest) -> HttpResponse:
    """All recoveries, those that run first."""
    found = policies.recoveries_visible_to(request.user).select_related("person", "started_by", "confirmed_by")
    page = paginate(request, found.order_by("finished_at", "cancelled_at", "-started_at"))
    for recovery in page.object_list:
        recovery.may_confirm = policies.can_confirm_recovery(request.user, recovery)
        recovery.may_cancel = policies.can_cancel_recovery(request.user, recovery)
    return render(request, "portal/accounts/recoveries.html", {"page": page})


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("account.recover")
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Be the first of the two."""
    person = get_object_or_404(User, pk=pk, erased_at__isnull=True)
    form = RecoveryStartForm(request.POST if request.method == "POST" else None)
    context = {"person": person, "form": form, "may": policies.can_start_recovery(request.user, person)}
    if form.is_bound and form.is_valid():
        try:
            services.recovery_start(request.user, person=person, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            return render(request, "portal/accounts/recovery_start.html", context | {"refusal": refusal.sentence})
        messages.success(request, _("A second person of the Secretariat can confirm now."))
        return redirect("accounts:recoveries")
    return render(request, "portal/accounts/recovery_start.html", context)


@secretariat_only
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("account.recover")
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Be the second of the two."""
    found = get_object_or_404(AccountRecovery.objects.select_related("person", "started_by"), pk=pk)
    may = policies.can_confirm_recovery(request.user, found)
    if request.method == "POST":
        try:
            services.recovery_confirm(request.user, recovery=found)
        except services.RecoveryClosed:
            messages.error(request, _("This recovery no longer waits for a second person."))
        else:
            messages.success(request, _("Confirmed. The link goes out after the time to object."))
        return redirect("accounts:recoveries")
    return render(request, "portal/accounts/recovery_confirm.html", {"recovery": found, "may": may})


@signed_in
@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop it: the Secretariat, or the person themselves on a device that is signed in."""
    found = policies.recoveries_visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        services.recovery_cancel(request.user, recovery=found)
    except services.RecoveryClosed:
        messages.error(request, _("This recovery has ended already."))
    else:
        messages.success(request, _("The recovery is stopped."))
    return redirect("accounts:security" if found.person_id == request.user.pk else "accounts:recoveries")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link for stopping it. Opening it stops nothing: mail scanners open links."""
    found = services.recovery_to_cancel(token)
    if found is None or found.state not in {"started", "confirmed", "open"}:
        return _closed(request, found)
    if request.method == "POST":
        with suppress(services.RecoveryClosed):  # a moment ago, by somebody else
            services.recovery_cancel_by_link(token)
        return redirect("accounts:recovery-stop", token=token)  # which says what has become of it
    return render(request, "portal/accounts/recovery_stop.html", {"token": token})


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest, token: str) -> HttpResponse:
    """The link at the end: with the password it takes the lost factors away and signs in."""
    found = services.recovery_with(token)
    if found is None or found.state != "open":
        return _closed(request, found)
    form = RecoverForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            person = _person_with(request, found.person, form.cleaned_data["password"])
            services.recovery_finish(token, person=person)
        except ValidationError as error:
            form.add_error("password", error)
        except services.RecoveryClosed:
            return _closed(request, found)
        else:
            new = reverse("mfa_activate_totp")
            response: HttpResponse = perform_login(request, person, email=person.email, redirect_url=new)
            return response
    return render(request, "portal/accounts/recover.html", {"form": form, "token": token, "email": found.person.email})


def _person_with(request: HttpRequest, person: User, password: str) -> User:
    adapter = get_adapter(request)
    given = adapter.authenticate(request, email=person.email, password=password)
    if given is None or given.pk != person.pk or not given.is_active:
        raise adapter.validation_error("incorrect_password")
    return person


def _closed(request: HttpRequest, found: AccountRecovery | None) -> HttpResponse:
    status = HTTPStatus.NOT_FOUND if found is None else HTTPStatus.GONE
    state = found.state if found else "unknown"
    return render(request, "portal/accounts/recovery_closed.html", {"state": state}, status=status)
