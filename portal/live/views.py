"""The socket's two directions as requests, for where sockets are blocked."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.audit import origin
from portal.idempotency.keys import UnusableKey, key_of
from portal.live import limits
from portal.live.commands import AGAIN, Answer, Sender, SessionOver, perform, too_often
from portal.live.frames import is_command, sayable
from portal.live.polling import asked_for, frames_for


@signed_in
@require_safe
@never_cache
def poll(request: SignedInRequest) -> HttpResponse:
    """What came since, as a list of the frames that a socket would have sent."""
    asked = asked_for(request.GET)
    if asked is None:
        return _not_understood()
    return JsonResponse(frames_for(request.user, asked, get_language() or request.user.language), safe=False)


@signed_in
@require_POST
@never_cache
def command(request: SignedInRequest) -> HttpResponse:
    """One command: `name`, `data` as JSON, and its key, which may have come over a socket before."""
    name, data = request.POST.get("name", ""), _object(request.POST.get("data", "{}"))
    try:
        key = key_of(request)
        if data is None or key is None or not is_command(name, data):
            return _not_understood()
        if again := too_often(request.user.pk, name):
            return JsonResponse(Answer(AGAIN, again).frame(key))
        language = get_language() or request.user.language
        sender = Sender(request.user.pk, request.session.session_key or "", language, origin.current())
        return JsonResponse(perform(sender, name, key, data).frame(key))
    except UnusableKey:
        return _not_understood()
    except SessionOver:
        return _not_understood(401)


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > limits.FRAME_CHARACTERS:
        return None
    try:
        found = json.loads(text)
        return found if isinstance(found, dict) and sayable(found) else None
    except (ValueError, RecursionError):
        return None


def _not_understood(status: int = 400) -> HttpResponse:
    return JsonResponse({"error": _("This message was not understood."), "code": limits.UNREADABLE}, status=status)
