"""Handing out stored files, after their kind's policy was asked."""

import uuid
from typing import Final

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.files.disposition import disposition
from portal.files.models import StoredFile
from portal.files.policies import can_see

# What `picture_store` writes, and what browsers show without running anything.
SHOWN_INLINE: Final = frozenset({"image/png", "image/webp"})


@signed_in
@require_safe
def download(request: SignedInRequest, token: uuid.UUID) -> HttpResponse:
    """One file. One that does not exist, one that may not be seen and one whose bytes are gone answer alike."""
    stored = StoredFile.objects.filter(token=token).first()
    if stored is None or not can_see(request.user, stored):
        raise Http404
    etag = f'"{stored.sha256}"'
    # After the right was checked, never before: a known digest must not open what is closed.
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if etag in known or "*" in known:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = _content(request, stored)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for anew each time: rights may end
    response.headers["Vary"] = "Cookie"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _content(request: SignedInRequest, stored: StoredFile) -> HttpResponse:
    response = HttpResponse(content_type=stored.media_type)
    try:
        if request.method == "GET":
            # Whole, for what is kept today weighs kilobytes and is compressed already.
            with stored.content.open("rb") as file:
                response.content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Accept-Ranges"] = "none"
    response.headers["Content-Disposition"] = disposition(stored.name, inline=stored.media_type in SHOWN_INLINE)
    return response
