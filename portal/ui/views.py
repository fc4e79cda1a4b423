"""The pages of errors."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _


def _readers_language(request: HttpRequest) -> AbstractContextManager[None]:
    """The language that was chosen for the request; what the browser asks for where it failed before that."""
    if hasattr(request, "LANGUAGE_CODE"):
        return nullcontext()
    # Only within the block: the thread answers others after this one.
    return translation.override(translation.get_language_from_request(request))


def _error_page(request: HttpRequest, status: int, template: str = "", **context: Any) -> HttpResponse:
    request.is_refused = True  # type: ignore[attr-defined]  # for the frame, which then counts nothing
    with _readers_language(request):
        return render(request, template or f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400; a request that is too large has a page of its own."""
    return _error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403; says the sentence of a portal.access.refusal.Refused, which is above this room in the house."""
    with _readers_language(request):
        sentence = getattr(exception, "sentence", "") or _("You cannot open this page.")
        return _error_page(request, 403, sentence=sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW; `reason` is for the log, not for the reader."""
    return _error_page(request, 403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404. Says nothing of why, so that it cannot tell hidden things from missing ones."""
    return _error_page(request, 404)


def unavailable(request: HttpRequest) -> HttpResponse:
    """What the page needs does not answer at the moment: 503, and when to come again."""
    response = _error_page(request, 503)
    response.headers["Retry-After"] = "60"
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500; without the page frame, whose queries may be what failed."""
    with _readers_language(request):
        return HttpResponse(render_to_string("500.html"), status=500)
