"""Acts that need a fresh proof of who acts: one table, and the guard that asks for the proof.

A session that was taken over, or a desk that was left, must not be enough for what cannot be undone or opens other
doors. The proof is the password together with the second factor (the password alone for whoever has no factor), or a
passkey that asked for a PIN, a fingerprint or a face; signing in counts as one. It is fresh for `FRESH`.

What was typed is kept: who has to prove it first finds it again afterwards, passwords and files excepted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from portal.access.factors import has_second_factor
from portal.idempotency.answers import did_nothing

if TYPE_CHECKING:
    from portal.accounts.models import User

FRESH: Final = timedelta(minutes=15)

ACTS: Final[Mapping[str, str]] = {
    "address.change": "changing the e-mail address",
    "password.change": "changing the password",
    "factor.change": "adding and removing second factors",
    "recovery_codes.see": "seeing recovery codes and making new ones",
    "role.change": "giving and ending roles in an organisation or a group",
    "guest.invite": "inviting guests from outside the network",
    "group.open": "changing who may see what is said in a group",
    "organisation.recover": "appointing an administrator from outside",
    "account.recover": "letting someone back in whose second factors are lost",
    "import.confirm": "confirming an import of organisations",
    "standing.change": "starting another standing of an organisation",
    "at_risk.change": "switching whether an organisation is at risk",
    "people.export": "exporting people",
    "mail_key.change": "changing the key that mails are encrypted to",
    "person.export": "taking along one's own data",
    "person.erase": "closing and erasing an account",
    "account.lock": "locking an account down",
    "account.unlock": "opening a locked account",
}
"""The acts by name, and what they are, for those who maintain this. Views name theirs by `fresh_proof`."""

_PROVED: Final = "proved_at"
_KEPT: Final = "step_up"
_MOST: Final = 100_000
"""So many characters of what was typed are kept at most."""

_NEVER_KEPT: Final = ("password", "code", "credential", "csrf", "key")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def proved(request: HttpRequest) -> None:
    """Note that whoever uses this session has just given all that signing in asks for."""
    request.session[_PROVED] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    """Whether who uses this session proved lately who they are."""
    return missing(request) is None


def missing(request: HttpRequest) -> str | None:
    """The name of the page that asks for what is missing of the proof; None where it is fresh."""
    since = time.time() - FRESH.total_seconds()
    proved_at = request.session.get(_PROVED)
    if isinstance(proved_at, int | float) and proved_at > since:
        return None
    person: User = request.user  # type: ignore[assignment]  # a view behind the guard is for people
    again = [
        step
        for step in get_authentication_records(request, person)
        if step.get("reauthenticated") and step.get("at", 0) > since
    ]
    if any(step.get("passwordless") for step in again):
        return None
    if person.has_usable_password() and not any(step.get("method") == "password" for step in again):
        return "account_reauthenticate"
    if has_second_factor(person) and not any(step.get("method") == "mfa" for step in again):
        return "mfa_reauthenticate"
    return None


def fresh_proof(act: str, *, when: Callable[..., bool] | None = None) -> Callable[[View], View]:
    """The mark of a view that carries out `act`, one of `ACTS`: without a fresh proof it is asked for first.

    Asked before a form is shown as well, unless `when(request, **arguments of the address)` says that this request is
    not about the act. To be written below the marks of `portal.access.guards`, so that who may not enter is not asked.
    """
    if act not in ACTS:
        raise LookupError(f"{act!r} is not in the table of acts")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and (when is None or when(request, **kwargs)):
                page = missing(request)
                if page is not None:
                    return ask(request, page)
            return view(request, *args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def act_of(view: Callable[..., Any]) -> str | None:
    """The act that a view carries out, or None."""
    return getattr(view, "act", None)


def ask(request: HttpRequest, page: str) -> HttpResponse:
    """Lead to the page that asks for what is missing, and back to this one afterwards."""
    back = request.get_full_path()
    if request.method == "POST":
        keep(request)
        back = reverse("accounts:step-up-continue")
    elif request.headers.get("HX-Request") and request.headers.get("HX-Current-URL"):
        back = _path(request.headers["HX-Current-URL"])
    address = f"{reverse(page)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return did_nothing(HttpResponse(headers={"HX-Redirect": address}))
    return did_nothing(HttpResponseRedirect(address))


def _path(address: str) -> str:
    """The path of an address of this site, as the browser told it."""
    return "/" + address.partition("://")[2].partition("/")[2] if "://" in address else "/"


def keep(request: HttpRequest) -> None:
    """Keep in the session what was typed, without secrets and files, until the proof is given."""
    typed = {
        name: request.POST.getlist(name)
        for name in request.POST
        if not any(word in name.lower() for word in _NEVER_KEPT)
    }
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > _MOST:
        typed = {}
    request.session[_KEPT] = {"path": request.get_full_path(), "typed": typed, "at": time.time()}


def kept(request: HttpRequest) -> tuple[str, list[tuple[str, str]]] | None:
    """The path that was to be posted to, and the fields; None where nothing waits. Stays until `forget_kept`."""
    waiting = request.session.get(_KEPT)
    if not isinstance(waiting, dict) or waiting.get("at", 0) < time.time() - FRESH.total_seconds():
        return None
    return waiting["path"], [(name, value) for name, values in waiting["typed"].items() for value in values]


def forget_kept(request: HttpRequest) -> None:
    """It was shown for sending; nothing of it stays in the database."""
    request.session.pop(_KEPT, None)
