"""A person's own account: name and preferences, what they sign in with, where they are signed in."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.guards import SignedInRequest, public, signed_in
from portal.accounts import services
from portal.accounts.forms.preferences import LanguageForm, PreferencesForm, safe_path
from portal.accounts.models import LockdownCode, User
from portal.accounts.selectors import address_on_its_way, devices_of, factors_of, living_sessions, running_recovery

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


@signed_in
@never_cache
def preferences(request: SignedInRequest) -> HttpResponse:
    """Name and preferences, and a summary of how the account is secured."""
    # A copy: a form that is not accepted must not change the person the frame of the page is drawn for.
    person = User.objects.get(pk=request.user.pk)
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        chosen = {field: value for field, value in form.cleaned_data.items() if field != "name"}
        services.preferences_update(request.user, name=form.cleaned_data["name"], preferences=chosen)
        with override(chosen["language"]):
            messages.success(request, _("Saved."))
        return _with_language(redirect("accounts:preferences"), chosen["language"])
    context = {"form": form, "factors": factors_of(request.user)}
    return render(request, "portal/accounts/preferences.html", context)


@signed_in
@require_safe
@never_cache
def security(request: SignedInRequest) -> HttpResponse:
    """Address, password, second factors, and the devices that are signed in."""
    context = {
        "factors": factors_of(request.user),
        "address_on_its_way": address_on_its_way(request.user),
        "devices": devices_of(request.user, session_key=request.session.session_key),
        "recovery": running_recovery(request.user),
        "lockdown_code": LockdownCode.objects.filter(person=request.user).first(),
    }
    return render(request, "portal/accounts/security.html", context)


@signed_in
@require_POST
def session_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign one other device out; one's own leaves by signing out."""
    session = get_object_or_404(living_sessions(request.user).exclude(session_key=request.session.session_key), pk=pk)
    services.session_end(request.user, session=session)
    messages.success(request, _("The device is signed out."))
    return redirect("accounts:security")


@signed_in
@require_POST
def sessions_end(request: SignedInRequest) -> HttpResponse:
    """Sign all other devices out."""
    ended = services.sessions_end_others(request.user, session_key=request.session.session_key or "")
    sentence = ngettext("%(count)s other device is signed out.", "%(count)s other devices are signed out.", ended)
    messages.success(request, sentence % {"count": ended})
    return redirect("accounts:security")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The switch of languages: remembered in the account when signed in, and in a cookie."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This language is not offered. Choose one of those shown."))
        return redirect(safe_path(request.POST.get("next", "")[:2000]))
    chosen = form.cleaned_data["language"]
    if isinstance(request.user, User):
        services.language_choose(request.user, language=chosen)
    return _with_language(redirect(form.cleaned_data["next"]), chosen)


def _with_language(response: HttpResponse, language_code: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language_code,
        max_age=LANGUAGE_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
