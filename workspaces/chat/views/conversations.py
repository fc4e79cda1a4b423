"""Conversations: the list, a new one, one of them, and leaving it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from memberships.people.policies import is_in_network
from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.search.folding import fold
from portal.ui.notices import notice
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.chat import policies, services
from workspaces.chat.forms import ConversationForm
from workspaces.chat.selectors.conversations import lines_of
from workspaces.chat.selectors.rooms import conversations_of
from workspaces.chat.views.doors import read_room
from workspaces.chat.views.frame import framed
from workspaces.chat.views.room import add_errors, only_topic, room_page

OFFERED = 40


@signed_in
@require_safe
def conversations(request: SignedInRequest) -> HttpResponse:
    """The reader's conversations, the latest first."""
    page = paginate(request, conversations_of(request.user))
    context = {"page": page, "lines": lines_of(request.user, list(page)), "may_begin": is_in_network(request.user)}
    return render_page(request, "workspaces/chat/conversations.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Chooses with whom; `?with=` (a number, several) chooses in advance, `?q=` looks for people."""
    actor = request.user
    if not is_in_network(actor):
        raise Refused(gettext_lazy("Only people of the network write to each other."))
    chosen = [value for value in request.GET.getlist("with") if value.isdecimal() and len(value) < 10][:20]
    form = ConversationForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        asks="knowingly" in request.POST,
        initial={"people": chosen},
    )
    asks = False
    if request.method == "POST" and form.is_valid():
        try:
            room = services.conversation_open(actor, **form.cleaned_data)
        except ValidationError as error:
            asks = "knowingly" in getattr(error, "error_dict", {})
            add_errors(form, error)
        else:
            return redirect(room)
    given = request.POST.getlist("people") if request.method == "POST" else chosen
    text = request.GET.get("q", "")[:100]
    context = {"form": form, "asks": asks, "people": _offered(actor, text, given), "given": given, "text": text}
    return render_page(request, "workspaces/chat/conversation_new.html", context)


def _offered(actor: User, text: str, given: list[str]) -> list[User]:
    """Those who were chosen, then those whose names match."""
    numbers = [int(value) for value in given if value.isdecimal() and len(value) < 10]
    everybody: QuerySet[User] = policies.people_to_write_to(actor).order_by("profile__name_sort", "pk")
    first = list(everybody.filter(pk__in=numbers))
    rest = everybody.exclude(pk__in=numbers)
    if sought := fold(text):
        rest = rest.filter(profile__name_sort__contains=sought)
    return first + list(rest[:OFFERED])


@signed_in
@require_safe
def conversation(request: SignedInRequest, key: str) -> HttpResponse:
    """The messages of a conversation."""
    room = read_room(request.user, key=key)
    return room_page(request, room, [], only_topic(request.user, room))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, key: str) -> HttpResponse:
    """Leaves a conversation."""
    room = read_room(request.user, key=key)
    if request.method == "POST":
        services.conversation_leave(request.user, room=room)
        notice(request, _("You have left the conversation."))
        return redirect("conversations:all")
    return render_page(request, "workspaces/chat/leave.html", framed(request.user, room))
