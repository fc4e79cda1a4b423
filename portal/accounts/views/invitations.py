"""The page an invitation's link opens. Opening it changes nothing; only the form accepts."""

from http import HTTPStatus
from typing import Any

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.access.guards import public
from portal.access.refusal import Refused
from portal.accounts import services
from portal.accounts.forms.invitation import AcceptForm
from portal.accounts.models import Invitation, User
from portal.accounts.selectors import address_is_known, invitation_with, is_address_of
from portal.registry import announced


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what; the form to accept, or the sentence why it cannot be accepted."""
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="invitation")
    if limited is not None:
        return limited
    found = invitation_with(token)
    with override(_language_of_page(request, found)):
        response = _answer(request, found, token)
        response.headers["Content-Language"] = get_language() or settings.LANGUAGE_CODE
        return response


def _answer(request: HttpRequest, found: Invitation | None, token: str) -> HttpResponse:
    if found is None or not found.is_open:
        return _closed(request, found.state if found else "unknown", found)
    if found.purpose not in announced.invitation_purposes:
        return _closed(request, "revoked", found)
    return _accept(request, found, token) if request.method == "POST" else _offer(request, found)


def _language_of_page(request: HttpRequest, found: Invitation | None) -> str:
    """A stranger reads the page in the language of the mail, unless they chose another one before."""
    chosen = isinstance(request.user, User) or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return get_language() or settings.LANGUAGE_CODE if chosen or found is None else found.language


def _offer(request: HttpRequest, found: Invitation, form: AcceptForm | None = None, **context: Any) -> HttpResponse:
    """The page of an open invitation; `who` says which of its three faces: "new", "known", "self" or "other"."""
    reader = request.user
    if isinstance(reader, User):
        who = "self" if is_address_of(found.email, reader) else "other"
    else:
        who = "known" if address_is_known(found.email) else "new"
    initial = {"name": found.name, "language": get_language()}
    values = {
        "invitation": found,
        "to_what": announced.invitation_purposes[found.purpose].describe(found),
        "who": who,
        "form": form or AcceptForm(invitation=found, initial=initial),
        "here": request.path,
        **context,
    }
    return render(request, "portal/accounts/invitation.html", values)


def _closed(request: HttpRequest, state: str, found: Invitation | None = None) -> HttpResponse:
    status = HTTPStatus.NOT_FOUND if state == "unknown" else HTTPStatus.GONE
    context = {"state": state, "invitation": found}
    return render(request, "portal/accounts/invitation_closed.html", context, status=status)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    reader = request.user if isinstance(request.user, User) else None
    form = None if reader or address_is_known(found.email) else AcceptForm(request.POST, invitation=found)
    if form is not None and not form.is_valid():
        return _offer(request, found, form)
    given = form.cleaned_data if form is not None else {}
    try:
        person = services.invitation_accept(token, person=reader, **given)
    except services.InvitationClosed as closed:
        return _closed(request, closed.state, found)
    except services.SignInFirst:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    except services.WrongAddress:
        return _offer(request, found)
    except (Refused, ValidationError) as refusal:
        return _offer(request, found, form, refusal=_sentence(refusal))
    if reader is not None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    response: HttpResponse = perform_login(request, person, email=found.email, signup=True)
    return response


def _sentence(refusal: Refused | ValidationError) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal.sentence)
