"""What was sent, as one digest: two requests are the same if method, address and content are."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest

from portal.idempotency.keys import FIELD, Seal

# The token that protects forms is masked anew each time a form is shown.
LEFT_OUT: Final = frozenset({FIELD, "csrfmiddlewaretoken"})
FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def fingerprint_of(request: HttpRequest, seal: Seal) -> bytes:
    """A digest of method, address and body; of uploads by their content, read in pieces and wound back.

    May raise what reading a body raises (RequestDataTooBig and its like).
    """
    printer = seal.printer()
    _feed(printer, request.method or "", request.get_full_path())
    if request.method != "POST" or request.content_type not in FORMS:
        _feed(printer, request.body)
        return printer.digest()
    for name in sorted(request.POST.keys() - LEFT_OUT):
        _feed(printer, name, *request.POST.getlist(name))
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            _feed(printer, name, upload.name or "", upload.content_type or "", str(upload.size))
            for piece in upload.chunks():
                printer.update(piece)
            upload.seek(0)
    return printer.digest()


def fingerprint_of_command(command: str, content: bytes, seal: Seal) -> bytes:
    """A digest of a live command's name and content."""
    printer = seal.printer()
    _feed(printer, command, content)
    return printer.digest()


def _feed(printer: hmac.HMAC, *parts: str | bytes) -> None:
    """Each part with its length, so that no two sequences of parts read the same."""
    for part in _bytes(parts):
        printer.update(len(part).to_bytes(8, "big") + part)
    printer.update(b"\xff" * 8)


def _bytes(parts: Iterable[str | bytes]) -> Iterable[bytes]:
    return (part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts)
