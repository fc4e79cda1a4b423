"""One transaction around every write, with its key and its answer inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import render

from portal.idempotency.answers import AGAIN, Answer, did_something
from portal.idempotency.fingerprints import fingerprint_of
from portal.idempotency.keys import BROWSER, SAFE, Seal, UnusableKey, browser_of, key_of, owner_of
from portal.idempotency.services import Claim, KeyBusy, KeyReused, claim, forget, keep, keep_also

RETRY_AFTER: Final = 5  # seconds


class RepeatableWritesMiddleware:
    """Sent twice is done once, also at the same moment on two processes, also after a crash before the answer.

    Stands outside the session's middleware, so that what it, messages and sign-in write belongs to the transaction:
    the act, the session and the kept answer exist together or not at all. What must happen outside the database
    (live events, jobs) hangs on the commit and happens once. An answer of 500 or above undoes everything; a refusal
    keeps what the view wrote (counters of wrong guesses, the record) and frees the key.

    The key is taken after the whole chain has run, when reader, language and view are known, and before the view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE:
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            taken: Claim | None = vars(request).get("taken_key")
            kept: Answer | None = vars(request).get("kept_answer")
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif kept is not None:
                response = _again(request, kept, response)
            elif taken is not None:
                _settle(request, taken, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Take the request's key; the kept answer where it was used before, a refusal where it cannot be taken."""
        match = request.resolver_match
        if request.method in SAFE or (match is not None and match.view_name in settings.WRITES_WITHOUT_KEY):
            return None
        try:
            key, owner = key_of(request), owner_of(request)
        except (UnusableKey, UnreadablePostError):
            return _refused(request, "unusable", 400)
        if key is None:
            return _refused(request, "missing", 400)
        # Without a cookie of ours nobody could be told apart, and the check of the form's token refuses anyway.
        return None if owner is None else _take(request, Seal(owner, key))


def _take(request: HttpRequest, seal: Seal) -> HttpResponseBase | None:
    try:
        taken = claim(seal, fingerprint_of(request, seal))
    except KeyReused:
        return _refused(request, "reused", 422)
    except KeyBusy:
        response = _refused(request, "busy", 409)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
    if isinstance(taken, Claim):
        vars(request)["taken_key"] = taken
        return None
    answer = vars(request)["kept_answer"] = Answer.unpacked(taken.answer)
    return _told(request, answer)


def _told(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The answer again; that it was done, where the answer itself was not kept."""
    if answer.body is not None:
        return answer.response()
    response = _refused(request, "done", 200)
    response.headers[AGAIN] = "true"
    return response


def _again(request: HttpRequest, kept: Answer, response: HttpResponseBase) -> HttpResponseBase:
    """`response`, made of `kept` by the middleware between, with the kept cookies.

    Where the act ended the session (by signing out, by leaving), those who ask again with it are told that it is over:
    they hear after all that it was done. They see no page, for nobody is signed in there any more.
    """
    if hasattr(response, "session_is_over"):
        request.user = AnonymousUser()
        response = _told(request, kept if kept.leads_on else replace(kept, body=None))
    kept.set_cookies(response)
    return response


def _settle(request: HttpRequest, taken: Claim, response: HttpResponseBase) -> None:
    """Keep the answer of what was done; free the key of what was not.

    Who signs in or out, or goes on under a new session, is another owner when asking again: as who they are now, or,
    with the cookie of a session that has ended, as nobody in that browser. For these the answer is kept as well, but
    of pages only that they were, for a page may be of the other's; a redirect tells nothing.
    """
    if not did_something(request, response):
        forget(taken)
        return
    own = taken.seal.owner
    keep(taken, Answer.of(response, with_session=own.startswith(BROWSER)).packed())
    if request.session.session_key == request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        return
    others = {owner for owner in (owner_of(request), browser_of(request)) if owner is not None and owner != own}
    for owner in others:
        answer = Answer.of(
            response, with_session=owner.startswith(BROWSER), with_body=300 <= response.status_code < 400
        )
        keep_also(owner, taken, lambda seal: fingerprint_of(request, seal), answer.packed())


def _refused(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, f"portal/idempotency/{why}.html", status=status)
