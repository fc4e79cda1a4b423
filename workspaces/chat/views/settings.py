"""How a room is kept, and what one shows of oneself there."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.chat import policies, services
from workspaces.chat.forms import RetentionForm, SeenForm
from workspaces.chat.selectors.seen import allows_seen
from workspaces.chat.views.doors import read_room, written_room
from workspaces.chat.views.frame import framed


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedInRequest, slug: str = "") -> HttpResponse:
    """What one shows of oneself; for facilitators also after how long messages vanish."""
    room = read_room(request.user, slug=slug) if slug else None
    form = SeenForm(request.POST if request.method == "POST" else None, initial={"seen": allows_seen(request.user)})
    if request.method == "POST" and form.is_valid():
        services.seen_set(request.user, allowed=form.cleaned_data["seen"])
        notice(request, _("Saved."))
        return redirect(room.url("settings") if room is not None else "conversations:settings")
    context = {"form": form}
    if room is not None:
        keeps = policies.can_set_retention(request.user, room)
        context |= framed(request.user, room) | {
            "retention": RetentionForm(initial={"days": room.retention_days}) if keeps else None
        }
    return render_page(request, "workspaces/chat/settings.html", context)


@signed_in
@require_POST
def retention(request: SignedInRequest, slug: str) -> HttpResponse:
    """Sets after how long messages of the group vanish."""
    room = written_room(request.user, slug=slug)
    if not policies.can_set_retention(request.user, room):
        raise Refused(gettext_lazy("Only facilitators set after how long messages vanish."))
    form = RetentionForm(request.POST)
    if form.is_valid():
        services.retention_set(request.user, room=room, days=form.cleaned_data["days"])
        notice(request, _("Saved."))
        return redirect(room.url("settings"))
    context = framed(request.user, room) | {
        "form": SeenForm(initial={"seen": allows_seen(request.user)}),
        "retention": form,
    }
    return render_page(request, "workspaces/chat/settings.html", context, status=422)
