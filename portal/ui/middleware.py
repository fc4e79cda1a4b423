"""Refuses addresses that no part of the house could read; compresses what goes out."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class ReadableInputMiddleware:
    """400 for a null character in the path or the query: PostgreSQL stores none, and every lookup would fail on it.

    The body is left alone, for reading it here would fix the upload handlers before the view can choose its own;
    forms refuse null characters themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("null character in the address")
        return self.get_response(request)


class CompressionMiddleware(GZipMiddleware):
    """Compresses answers, but none that may be asked for in parts: these are counted in bytes as they are stored."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django's own."""
        if "Accept-Ranges" in response.headers:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
