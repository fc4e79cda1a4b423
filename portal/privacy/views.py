"""What is held about the reader, taking it along, leaving; and the Secretariat's part in erasing."""

import logging
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, public, secretariat_only, signed_in
from portal.access.refusal import Refused
from portal.access.stepup import fresh_proof
from portal.accounts.models import User
from portal.files.storage import StorageAway
from portal.privacy import services
from portal.privacy.forms import EraseForm, LeaveForm
from portal.privacy.models import DAYS_TO_RETURN
from portal.privacy.policies import can_erase, visible_to
from portal.privacy.selectors.declared import notice_of
from portal.privacy.selectors.held import categories
from portal.privacy.selectors.leaving import concerns_of, wish_with
from portal.ui.views import unavailable

log = logging.getLogger(__name__)


@signed_in
@never_cache
@require_safe
def held(request: SignedInRequest) -> HttpResponse:
    """Everything that is held about the reader, with why, for whom and how long; what is not held, in one list."""
    found = categories(request.user)
    context = {
        "categories": [category for category in found if category.present],
        "nothing": [category.label for category in found if not category.present],
        "besides": [category for category in found if category.absent],
    }
    return render(request, "portal/privacy/held.html", context)


@public
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What is held about people at all; for everybody, also before they accept an invitation."""
    return render(request, "portal/privacy/notice.html", {"categories": notice_of()})


@signed_in
@never_cache
@require_POST
@fresh_proof("person.export")
def export(request: SignedInRequest) -> HttpResponseBase:
    """One's own data as an archive, streamed."""
    name = f"own-data-{timezone.localdate():%Y-%m-%d}.zip"
    try:
        archive = services.export_made(request.user, person=request.user)
    except StorageAway as error:
        log.error("An archive of one's own data could not be made. %s", error)
        return unavailable(request)
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("person.erase")
def leave(request: SignedInRequest) -> HttpResponse:
    """Ask to be erased: the account closes at once, and there are some days to return."""
    person, concerns = request.user, concerns_of(request.user)
    form = LeaveForm(request.POST if request.method == "POST" else None, person=person, unsettled=bool(concerns))
    context = {"form": form, "concerns": concerns, "days": DAYS_TO_RETURN}
    if request.method == "POST" and form.is_valid():
        try:
            wish, _token = services.erasure_ask(person, even_so=form.cleaned_data.get("even_so", False))
        except Refused as refusal:
            return render(request, "portal/privacy/leave.html", context | {"refusal": refusal.sentence})
        logout(request)
        return render(request, "portal/privacy/left.html", {"wish": wish})
    return render(request, "portal/privacy/leave.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the link in the mail opens. Opening it changes nothing; only the form takes the wish back."""
    wish = wish_with(token)
    if wish is None or not wish.is_open:
        status = HTTPStatus.NOT_FOUND if wish is None else HTTPStatus.GONE
        return render(request, "portal/privacy/return_closed.html", {"wish": wish}, status=status)
    if request.method != "POST":
        return render(request, "portal/privacy/return.html", {"wish": wish})
    try:
        services.erasure_withdraw(None, wish=wish)
    except services.WishClosed:
        return render(request, "portal/privacy/return_closed.html", {"wish": wish}, status=HTTPStatus.GONE)
    messages.success(request, _("Your account is open again. Sign in as before."))
    return redirect("account_login")


@secretariat_only
@never_cache
@require_safe
def erasures(request: SignedInRequest) -> HttpResponse:
    """Who asked to be erased and may still return."""
    return render(
        request, "portal/privacy/erasures.html", {"wishes": visible_to(request.user).select_related("person")}
    )


@secretariat_only
@require_POST
def erasure_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the account of somebody again who asked to be erased."""
    wish = get_object_or_404(visible_to(request.user), pk=pk)
    try:
        person = services.erasure_withdraw(request.user, wish=wish)
    except services.WishClosed:
        raise Http404 from None
    messages.success(request, _("The account of %(name)s is open again.") % {"name": person})
    return redirect("privacy:erasures")


@secretariat_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof("person.erase")
def erase(request: SignedInRequest, pk: int) -> HttpResponse:
    """Erase somebody at once, with the reason."""
    person = get_object_or_404(User, pk=pk, erased_at__isnull=True)
    if not can_erase(request.user, person):
        raise Refused(_("To leave yourself, ask for it on the page of your own data."))
    form = EraseForm(request.POST if request.method == "POST" else None, person=person)
    context = {"form": form, "person": person, "concerns": concerns_of(person)}
    if request.method == "POST" and form.is_valid():
        try:
            services.erase(request.user, person=person, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            return render(request, "portal/privacy/erase.html", context | {"refusal": refusal.sentence})
        messages.success(request, _("The person is erased."))
        return redirect("privacy:erasures")
    return render(request, "portal/privacy/erase.html", context)
