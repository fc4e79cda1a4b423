"""The reader's language and time zone for each request, and when each session was last used."""

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.ui.digits import western_digits
from portal.ui.zones import zone_named

log = logging.getLogger(__name__)

SEEN_EVERY: Final = timedelta(minutes=5)


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


class LastSeenMiddleware:
    """Notes when a session was last used, for the list of devices, at most every few minutes.

    allauth's own writes with every request. The cache only spares writing: with it gone, nothing but exactness is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and isinstance(request.user, User) and not was_seen_lately(key):
            UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
        return self.get_response(request)


def was_seen_lately(session_key: str) -> bool:
    """Whether the session was noted within the last minutes; notes that it is now. True where the cache is gone."""
    name = "seen:" + hashlib.sha256(session_key.encode()).hexdigest()
    try:
        return not cache.add(name, True, SEEN_EVERY.total_seconds())
    except Exception:
        log.warning("The cache does not answer; when sessions were last used is not noted", exc_info=True)
        return True
