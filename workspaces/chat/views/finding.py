"""Finding what was said: the search within a room, pinned messages, and whom one may call by name."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.search.forms import SearchForm
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.chat.rendering import excerpt
from workspaces.chat.selectors.calling import offers
from workspaces.chat.selectors.finding import found_in
from workspaces.chat.selectors.messages import pinned_in, shown
from workspaces.chat.views.doors import read_room, written_room
from workspaces.chat.views.frame import framed


@signed_in
@require_safe
def search(request: SignedInRequest, **where: str) -> HttpResponse:
    """The messages of the room with all the words that are looked for."""
    room = read_room(request.user, **where)
    form = SearchForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q", "")
    context = framed(request.user, room) | {"form": form, "text": text}
    if text:
        page = paginate(request, found_in(room, text), per_page=20)
        for message in page:
            message.room = message.topic.room = room
        found = shown(list(page), room, reader=request.user, bare=True)
        context |= {"page": page, "rows": [(one, excerpt(one.message.body, text)) for one in found]}
    return render_page(request, "workspaces/chat/search.html", context)


@signed_in
@require_safe
def pins(request: SignedInRequest, **where: str) -> HttpResponse:
    """The messages that were pinned."""
    room = read_room(request.user, **where)
    page = paginate(request, pinned_in(room), per_page=20)
    for message in page:
        message.room = message.topic.room = room
    rows = shown(list(page), room, reader=request.user)
    return render_page(request, "workspaces/chat/pins.html", framed(request.user, room) | {"page": page, "rows": rows})


@signed_in
@require_safe
@never_cache
def mentions(request: SignedInRequest, **where: str) -> HttpResponse:
    """Whom the beginning `?q=` of a name may mean, at most ten; for the completion while somebody writes."""
    room = written_room(request.user, **where)
    found = offers(request.user, room, request.GET.get("q", ""))
    return JsonResponse({"offers": [{"name": one.name, "detail": one.detail} for one in found]})
