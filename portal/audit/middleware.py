"""What every request brings to the record: where it comes from, and that it was refused."""

import logging
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from portal.audit.origin import coming_from, origin_of
from portal.audit.services import refusal_record

log = logging.getLogger(__name__)

FORBIDDEN = 403


class RecordMiddleware:
    """Stands inside what tells who is asking, and outside all that may refuse them.

    By the time the refusal has become an answer the transaction of the act is rolled back and over, so its entry
    stays; the one around the whole request is committed with refusals. What is hidden is answered like what does not
    exist (404), and neither is a refusal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(origin_of(request)):
            response = self.get_response(request)
            if response.status_code == FORBIDDEN:
                self.note(request)
        return response

    def note(self, request: HttpRequest) -> None:
        """Record the refusal; that it cannot be recorded keeps nobody from being refused."""
        try:
            person = request.user
            if isinstance(person, get_user_model()):
                match = request.resolver_match
                # Its own savepoint: what fails here breaks nothing around it.
                with transaction.atomic():
                    refusal_record(person, route=match.view_name if match else "", method=request.method or "")
        except Exception:
            log.exception("A refusal could not be recorded")
