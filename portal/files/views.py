"""Handing out stored files, after their kind's policy was asked."""

import logging
import uuid
from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.files.disposition import disposition
from portal.files.models import StoredFile
from portal.files.policies import can_see
from portal.files.ranges import Part, Unsatisfiable, part_asked
from portal.files.storage import StorageAway, part_of
from portal.files.streaming import PartResponse
from portal.ui.views import unavailable

# What `picture_store` writes, and what browsers show without running anything.
SHOWN_INLINE: Final = frozenset({"image/png", "image/webp"})
# What they show where a page asks for it with `?show`: in a sandbox, so that nothing in it can do anything.
SHOWN_ON_REQUEST: Final = frozenset({"image/jpeg", "application/pdf"})
WHOLE_BELOW: Final = 1_000_000  # bytes; more is read and sent in pieces
SANDBOX: Final = "default-src 'none'; sandbox"

log = logging.getLogger(__name__)


@signed_in
@require_safe
def download(request: SignedInRequest, token: uuid.UUID) -> HttpResponseBase:
    """One file or a part of it. What does not exist, may not be seen or has lost its bytes is answered alike.

    The right is asked for first of all, each time: a known digest or a part of it must not open what is closed.
    """
    stored = StoredFile.objects.filter(token=token).first()
    if stored is None or not can_see(request.user, stored):
        raise Http404
    etag = f'"{stored.sha256}"'
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if etag in known or "*" in known:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        try:
            response = _content(request, stored, etag)
        except StorageAway as error:
            log.error("A file could not be handed out. %s", error)
            return unavailable(request)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for anew each time: rights may end
    response.headers["Vary"] = "Cookie"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if "show" in request.GET and stored.media_type in SHOWN_ON_REQUEST:
        # In a frame of our own pages, and of nobody else's.
        response.headers["Content-Security-Policy"] = f"{SANDBOX}; frame-ancestors 'self'"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _content(request: SignedInRequest, stored: StoredFile, etag: str) -> HttpResponseBase:
    try:
        asked = part_asked(
            request.headers.get("Range", "") if request.method == "GET" else "",
            stored.size,
            if_range=request.headers.get("If-Range", ""),
            etag=etag,
        )
    except Unsatisfiable:
        response: HttpResponseBase = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{stored.size}"
        return response
    part = asked or Part(0, stored.size - 1)
    response = _bytes(request, stored, part, status=200 if asked is None else 206)
    response.headers["Content-Type"] = stored.media_type
    response.headers["Content-Length"] = str(part.length)
    response.headers["Accept-Ranges"] = "bytes"
    if asked is not None:
        response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{stored.size}"
    inline = stored.media_type in SHOWN_INLINE or ("show" in request.GET and stored.media_type in SHOWN_ON_REQUEST)
    response.headers["Content-Disposition"] = disposition(stored.name, inline=inline)
    return response


def _bytes(request: SignedInRequest, stored: StoredFile, part: Part, *, status: int) -> HttpResponseBase:
    if request.method != "GET":
        return HttpResponse(status=status)
    try:
        file = part_of(stored.content.storage, stored.content.name or "", part.first, part.length)
    except FileNotFoundError as error:
        raise Http404 from error
    if part.length >= WHOLE_BELOW:
        return PartResponse(file, part.length, status=status)
    with file:
        return HttpResponse(file.read(part.length), status=status)
