"""What the wall answers: a status, one plain sentence, and the headers of every answer. No template, no database."""

from __future__ import annotations

from typing import Final

from django.utils.html import escape
from django.utils.translation import get_language_info, get_supported_language_variant, gettext, override
from django.utils.translation import gettext_noop as _
from django.utils.translation.trans_real import parse_accept_lang_header

SENTENCES: Final = {
    400: _("This request could not be read."),
    405: _("This page does not take requests of this kind."),
    408: _("This request came too slowly and was broken off. Try again, perhaps from a better connection."),
    413: _("This is larger than what is taken here. Send less, or a smaller file."),
    429: _("Too many requests came from your network in a short time. Wait a minute, then try again."),
    431: _("The headers of this request are too large. Remove this site's cookies in your browser, then try again."),
    500: _("Something went wrong on our side. Try again in a moment."),
    503: _("There are too many requests at the moment. Wait a moment, then try again."),
    507: _(
        "There is no room for this on our side at the moment, and nothing of it was kept. Try again later; if it "
        "happens again, tell the Secretariat."
    ),
}
_PHRASES: Final = {
    400: b"Bad Request",
    405: b"Method Not Allowed",
    408: b"Request Timeout",
    413: b"Content Too Large",
    429: b"Too Many Requests",
    431: b"Request Header Fields Too Large",
    500: b"Internal Server Error",
    503: b"Service Unavailable",
    507: b"Insufficient Storage",
}
_ALWAYS: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
]
_EXTRA: Final = {405: [(b"allow", b"GET, HEAD, POST")], 429: [(b"retry-after", b"60")], 503: [(b"retry-after", b"10")]}


class BrokenOff(Exception):
    """An answer had begun and cannot go on. The server cuts the connection: nobody is to wait for the rest of it."""


def refusal(status: int, accept_language: str = "", *, secure: bool = False) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of the answer `status`, in the first language of `accept_language` that we speak."""
    language = _language(accept_language)
    with override(language):
        sentence = gettext(SENTENCES[status])
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    body = (
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
        f"<title>{status}</title><h1>{status}</h1><p>{escape(sentence)}</p></html>\n"
    ).encode()
    headers = [*_ALWAYS, *_EXTRA.get(status, []), (b"content-length", str(len(body)).encode())]
    if secure:
        headers.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains; preload"))
    return headers, body


def raw_refusal(status: int, accept_language: str = "", *, secure: bool = False) -> bytes:
    """The whole answer as it goes over the wire."""
    headers, body = refusal(status, accept_language, secure=secure)
    lines = [b"HTTP/1.1 %d %s" % (status, _PHRASES[status]), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _language(accepted: str) -> str:
    for code, _quality in parse_accept_lang_header(accepted[:500]):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return "en"
