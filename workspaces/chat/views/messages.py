"""What can be done with one message."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.idempotency.answers import did_nothing
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.chat import policies, services
from workspaces.chat.forms import EditForm, MoveForm
from workspaces.chat.models import Message, Reaction
from workspaces.chat.rendering import plain, rendered
from workspaces.chat.selectors.messages import shown
from workspaces.chat.selectors.seen import allows_seen, seen_by
from workspaces.chat.views.doors import message_of, read_room, written_room
from workspaces.chat.views.frame import framed
from workspaces.chat.views.room import add_errors
from workspaces.groups.registry import message_actions


def back_to(message: Message) -> str:
    """The place of the message on the page of its topic."""
    return f"{message.topic.get_absolute_url()}?around={message.number}#m{message.number}"


def _about(request: SignedInRequest, message: Message) -> dict[str, Any]:
    one = shown([message], message.room, reader=request.user)[0]
    return framed(request.user, message.room) | {"message": message, "one": one, "back": back_to(message)}


@signed_in
@require_safe
def actions(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """All that this reader may do with the message; opened over it where scripts run, a page of its own elsewhere."""
    reader, message = request.user, message_of(read_room(request.user, **where), number)
    own = {sign.sign for sign in shown([message], message.room, reader=reader)[0].signs if sign.own}
    may_react = policies.can_react(reader, message)
    context = _about(request, message) | {
        "may_react": may_react,
        "signs": [(value, label, value in own) for value, label in Reaction.Sign.choices],
        "may_reply": policies.can_post(reader, message.topic) and not message.is_deleted,
        "may_edit": policies.can_edit(reader, message),
        "may_delete": policies.can_delete(reader, message),
        "may_pin": policies.can_pin(reader, message),
        "may_move": policies.can_move(reader, message),
        "may_propose": bool(policies.proposing_for(reader, message)),
        "may_see_seen": allows_seen(reader),
        "made_of_it": _made_of(message) if may_react else [],
    }
    return render_page(request, "workspaces/chat/actions.html", context, fragment="menu")


def _made_of(message: Message) -> list[dict[str, Any]]:
    """What other apps make of a message in one step."""
    workspace = message.room.workspace
    if workspace is None:
        return []
    source = f"chat/{message.topic.number}/#m{message.number}"
    return [
        {
            "label": action.label,
            "icon": action.icon,
            "url": action.url(workspace),
            "text": plain(message.body),
            "language": message.language,
            "source": source,
        }
        for action in message_actions
    ]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """Changes what a message of one's own says."""
    message = message_of(written_room(request.user, **where), number)
    if not policies.can_edit(request.user, message):
        raise Refused(gettext_lazy("Only whoever wrote a message can change it."))
    form = EditForm(request.POST or None, initial={"body": message.body, "language": message.language})
    if request.method == "POST" and form.is_valid():
        try:
            services.message_edit(request.user, message=message, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(back_to(message))
    return render_page(request, "workspaces/chat/edit.html", _about(request, message) | {"form": form})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """Takes a message away."""
    message = message_of(written_room(request.user, **where), number)
    if not policies.can_delete(request.user, message):
        raise Refused(
            gettext_lazy("Only whoever wrote a message, and facilitators, can delete it. What was decided on stays.")
        )
    if request.method == "POST":
        services.message_delete(request.user, message=message, reason=request.POST.get("reason", "")[:500])
        notice(request, _("The message is deleted."))
        return redirect(back_to(message))
    return render_page(request, "workspaces/chat/delete.html", _about(request, message))


@signed_in
@require_safe
def history(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """What the message said before it was changed."""
    message = message_of(read_room(request.user, **where), number)
    if not policies.can_see_history(request.user, message) or message.edited_at is None:
        raise Http404
    versions = [{"at": one.at, "html": rendered(one.body)} for one in message.versions.all()[:100]]
    return render_page(request, "workspaces/chat/history.html", _about(request, message) | {"versions": versions})


@signed_in
@require_safe
def seen(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """Who has read it, of those who let it be seen; for who lets it be seen themselves."""
    message = message_of(read_room(request.user, **where), number)
    allowed = allows_seen(request.user)
    context = _about(request, message) | {
        "allowed": allowed,
        "people": seen_by(request.user, message) if allowed else [],
        "settings_url": message.room.url("settings") if message.room.of_group else "",
    }
    return render_page(request, "workspaces/chat/seen.html", context)


@signed_in
@require_POST
def react(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """Puts a sign to the message, or takes it back."""
    message = message_of(written_room(request.user, **where), number)
    try:
        services.message_react(request.user, message=message, sign=request.POST.get("sign", ""))
    except ValidationError as error:
        messages.error(request, str(error.messages[0]))
        return did_nothing(redirect(back_to(message)))
    return redirect(back_to(message))


@signed_in
@require_POST
def pin(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """Pins the message, or lets it go: `on` is "1" or empty."""
    message = message_of(written_room(request.user, **where), number)
    services.message_pin(request.user, message=message, on=request.POST.get("on") == "1")
    return redirect(back_to(message))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Puts the message into another topic."""
    message = message_of(written_room(request.user, slug=slug), number)
    if not policies.can_move(request.user, message):
        raise Refused(gettext_lazy("Only facilitators move messages."))
    form = MoveForm(request.POST or None, room=message.room, without=message.topic)
    if request.method == "POST" and form.is_valid():
        moved = services.message_move(request.user, message=message, **form.cleaned_data)
        return redirect(back_to(moved))
    return render_page(request, "workspaces/chat/move.html", _about(request, message) | {"form": form})
