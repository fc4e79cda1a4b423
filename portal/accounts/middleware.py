"""The reader's language and time zone for each request; sessions that end, even under a request on its way."""

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions import middleware as django_sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.accounts.sessions import SessionStore, ended_here, is_alive, noting_what_ends, session_of
from portal.audit.origin import origin_of
from portal.ui.digits import western_digits
from portal.ui.zones import zone_named

log = logging.getLogger(__name__)

SEEN_EVERY: Final = timedelta(minutes=5)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
SLOW_SECONDS: Final = 1.0


class PreferencesMiddleware:
    """The signed-in reader's choices; for others the language cookie, then what the browser asks for, and UTC.

    Costs nothing beyond loading the session and its person. A language or zone that is not known (any more) never
    breaks a page: it falls back to the default language and to UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reader = request.user
        if isinstance(reader, User):
            language, zone, western = reader.language, zone_named(reader.time_zone), reader.western_digits
        else:
            language, zone, western = translation.get_language_from_request(request), zone_named("UTC"), False
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = known
        with translation.override(known), timezone.override(zone), western_digits(western):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or known)
        return response


class SessionMiddleware(django_sessions.SessionMiddleware):
    """Django's; whoever was signed out while their request was on its way is sent to sign in instead of told 400."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return session_is_over(request)


class SessionAtTheEndMiddleware:
    """A request whose session was ended while it was on its way has no effect and shows nothing.

    The session is looked for once more when everything is done, inside the transaction of what was done: what was
    signed out before that is rolled back, with its mails and its entries in the record; who signs out after it waits
    the moment until it is committed. Requests that only read are asked again where they took long.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if not key or not isinstance(request.user, User):
            return self.get_response(request)
        if request.method in SAFE:
            began = time.monotonic()
            response = self.get_response(request)
            return response if time.monotonic() - began < SLOW_SECONDS or is_alive(key) else session_is_over(request)
        with transaction.atomic(), noting_what_ends():
            response = self.get_response(request)
            broken = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            if not broken and (is_alive(key) or key in ended_here()):
                return response
            transaction.set_rollback(True)
            if broken:
                return response
        return session_is_over(request)


def session_is_over(request: HttpRequest) -> HttpResponse:
    """To the page for signing in, without the cookie; its `session_is_over` says that nothing came of the request."""
    request.session = SessionStore()
    response = redirect(settings.LOGIN_URL)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    response.session_is_over = True  # type: ignore[attr-defined]
    return response


class LastSeenMiddleware:
    """Notes when a session was last used, for the list of devices and for its age, at most every few minutes.

    Stands outside the transaction of the request: what is noted would stay locked until the commit, which may have to
    wait for a second request of the same session, and that one for the note. Here each statement is a transaction of
    its own and takes one row, so nobody can wait for it in the middle of anything.

    allauth's own writes with every request. The cache only spares writing: with it gone, nothing but exactness is lost.
    What an open page fetches by itself is no use: an unattended screen does not keep a session alive.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What was refused before anybody asked who it is has neither.
        session, reader = getattr(request, "session", None), getattr(request, "user", None)
        if session is None or not session.session_key or not isinstance(reader, User) or "X-Live" in request.headers:
            return response
        if not was_seen_lately(session.session_key):
            seen = UserSession.objects.filter(session_key=session.session_key)
            seen.update(last_seen_at=timezone.now(), ip=coarse_address(request))
            session_of(request).used(strict=is_secretariat(reader))
        return response


def coarse_address(request: HttpRequest) -> str:
    """The first address of the network that a request comes from: whose it was nobody can say, nor where they live."""
    return origin_of(request).network.partition("/")[0] or "0.0.0.0"  # noqa: S104 - it says "unknown"; nothing listens


def was_seen_lately(session_key: str) -> bool:
    """Whether the session was noted within the last minutes; notes that it is now. True where the cache is gone."""
    name = "seen:" + hashlib.sha256(session_key.encode()).hexdigest()
    try:
        return not cache.add(name, True, SEEN_EVERY.total_seconds())
    except Exception:
        log.warning("The cache does not answer; when sessions were last used is not noted", exc_info=True)
        return True
