"""Puts the reader's language and time zone in force for the request."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.ui.digits import western_digits


class PreferencesMiddleware:
    """The signed-in reader's choices; for others the language cookie, then what the browser asks for, and UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reader = request.user
        if isinstance(reader, User):
            language, zone, western = reader.language, reader.time_zone, reader.western_digits
        else:
            language, zone, western = translation.get_language_from_request(request), "UTC", False
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(ZoneInfo(zone)), western_digits(western):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response
