"""An answer as bytes, and back: status, the headers that belong to its content, cookies, body."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

BODY_KEPT: Final = 500_000  # bytes; the largest page has a tenth of it
AGAIN: Final = "Idempotent-Replayed"
HEADERS: Final = frozenset(
    {"content-type", "content-disposition", "content-language", "cache-control", "location", "vary"}
)


Response = TypeVar("Response", bound=HttpResponseBase)


def did_something(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether an answer is that of a done act, so that its key is used up.

    Not a refusal (4xx, 5xx), not the page again with a form that was not accepted (`wrong_form`, set where the form is
    shown), not a redirect that sends the person elsewhere first (to sign in, to prove that it is them) and then back
    here, nor where the session ended under the request (`session_is_over`), nor what the view itself says by
    :func:`did_nothing`.
    """
    if response.status_code >= 400 or hasattr(response, "did_nothing") or hasattr(response, "session_is_over"):
        return False
    if 300 <= response.status_code < 400:
        return not _comes_back(request, response.headers.get("Location", ""))
    return not getattr(request, "wrong_form", False)


def did_nothing(response: Response) -> Response:
    """For views: this answer looks like one of a done act and is none; the same key may be sent again."""
    response.did_nothing = True  # type: ignore[attr-defined]
    return response


def _comes_back(request: HttpRequest, location: str) -> bool:
    return any(urlsplit(address).path == request.path for address in parse_qs(urlsplit(location).query).get("next", []))


class Again(HttpResponse):
    """An answer that is given a second time."""

    @property
    def url(self) -> str:
        """Where a redirect leads, as with Django's own."""
        return self.headers["Location"]


@dataclass(frozen=True)
class Answer:
    """What is kept of an answer. `body` None: it was a stream or too long."""

    status: int
    headers: dict[str, str]
    cookies: list[tuple[str, str, str, dict[str, str]]]  # name, value, as it is sent, attributes
    body: bytes | None

    @classmethod
    def of(cls, response: HttpResponseBase, *, with_session: bool, with_body: bool = True) -> Answer:
        """`with_session`: also the cookies that sign somebody in.

        They are kept only for a browser that was not signed in: a person who asks again has them already.
        """
        private = () if with_session else (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
        whole = with_body and isinstance(response, HttpResponse) and len(response.content) <= BODY_KEPT
        return cls(
            status=response.status_code,
            headers={
                name: value
                for name, value in response.headers.items()
                if name.lower() in HEADERS or name.lower().startswith("hx-")
            },
            cookies=[
                (name, morsel.value, morsel.coded_value, {key: value for key, value in morsel.items() if value})
                for name, morsel in response.cookies.items()
                if name not in private
            ],
            body=response.content if whole and isinstance(response, HttpResponse) else None,
        )

    def packed(self) -> bytes:
        """As bytes, compressed."""
        body = None if self.body is None else b64encode(zlib.compress(self.body)).decode("ascii")
        return json.dumps([self.status, self.headers, self.cookies, body]).encode()

    @classmethod
    def unpacked(cls, content: bytes) -> Answer:
        """What `packed` packed."""
        status, headers, cookies, body = json.loads(content)
        return cls(status, headers, cookies, None if body is None else zlib.decompress(b64decode(body)))

    def response(self) -> HttpResponse:
        """The answer again, without its cookies."""
        response = Again(self.body or b"", status=self.status)
        del response.headers["Content-Type"]
        for name, value in self.headers.items():
            response.headers[name] = value
        response.headers[AGAIN] = "true"
        return response

    @property
    def leads_on(self) -> bool:
        """Whether it is a redirect, which shows nothing."""
        return 300 <= self.status < 400

    def set_cookies(self, response: HttpResponseBase) -> None:
        """Put the kept cookies on top of what `response` carries by now."""
        # The session that the request came with may be gone; what the first answer made of the cookie counts.
        response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        for name, value, coded, attributes in self.cookies:
            response.cookies[name] = ""
            morsel: Any = response.cookies[name]
            morsel.set(name, value, coded)
            morsel.update(attributes)
