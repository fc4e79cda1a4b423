"""The room itself: its topics, the messages of one, and writing there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.accounts.models import User
from portal.ui.pagination import is_low_bandwidth
from portal.ui.render import render_page, wants_fragment
from workspaces.chat import services
from workspaces.chat.forms import MessageForm
from workspaces.chat.forms.speakers import MYSELF
from workspaces.chat.models import Message, Room, Topic
from workspaces.chat.selectors.messages import PER_PAGE, PER_PAGE_LOW, Place, Window, message_in
from workspaces.chat.selectors.page import part_context, room_context
from workspaces.chat.selectors.topics import shown_topic, topics_beside
from workspaces.chat.views.doors import message_of, read_room, topic_in, whole_room, written_room
from workspaces.chat.views.frame import framed, number_in, preferred
from workspaces.groups.services import visit


@signed_in
@require_safe
def room(request: SignedInRequest, slug: str) -> HttpResponse:
    """The topic that is talked about now; the way to the first one where there is none."""
    found = whole_room(request.user, slug)
    return room_page(request, found, *topics_beside(request.user, found))


@signed_in
@require_safe
def topic(request: SignedInRequest, slug: str, topic: int) -> HttpResponse:
    """The messages of one topic; `?before=`, `?after=` and `?unread=` (a number) show another part of it."""
    reader, is_part = request.user, wants_fragment(request)
    found = read_room(reader, slug=slug) if is_part else whole_room(reader, slug)
    topics, chosen = ([], shown_topic(reader, found, topic)) if is_part else topics_beside(reader, found, topic)
    if chosen is None:
        raise Http404
    if chosen.merged_into is not None:
        chosen.merged_into.room = found
        return redirect(chosen.merged_into)
    return _messages(request, found, chosen) if is_part else room_page(request, found, topics, chosen)


def _read(request: SignedInRequest, found: Room, context: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """What `context` gives for the part that the address asks for. Whoever sees the end of a topic has read it."""
    reader = request.user
    asked: dict[str, Any] = {
        "place": _place(request),
        "mark": number_in(request, "unread"),
        "size": PER_PAGE_LOW if is_low_bandwidth(request) else PER_PAGE,
    }
    values = context(**asked)
    if _settled(found, values["window"]):
        values = context(**asked)
    if found.workspace is not None:
        visit(reader, found.workspace)
    topic, shown = values["topic"], values["window"]
    at_end = topic is not None and bool(shown.messages) and not shown.newer
    if request.method == "GET" and at_end and (topic.mark is None or topic.mark < shown.last):
        services.read_mark(reader, topic=topic, number=shown.last)
    return values


def _messages(request: SignedInRequest, found: Room, chosen: Topic) -> HttpResponse:
    """Only the messages, for who scrolls back; nothing of what stands around them is asked."""
    context = _read(request, found, partial(part_context, request.user, found, chosen))
    return render_page(request, f"workspaces/chat/{_template(found)}.html", context, fragment="messages")


def _template(found: Room) -> str:
    return "room" if found.of_group else "conversation"


def room_page(
    request: SignedInRequest, found: Room, topics: list[Topic], chosen: Topic | None, form: MessageForm | None = None
) -> HttpResponse:
    """The page, or only its messages for who scrolls back."""
    reader, topic = request.user, chosen
    context = framed(reader, found) | _read(request, found, partial(room_context, reader, found, topics, chosen))
    wrong = form is not None
    if form is None and context["may_post"]:
        form = MessageForm(actor=reader, room=found, preferred=preferred(request), initial=_answering(request, found))
    if form is not None:
        context["reply"] = _answered(form, found)
    context["form"] = form
    if form is not None and topic is not None:
        context |= {"send_url": topic.send_url, "placeholder": _placeholder(form), "who_reads": _who_reads(found)}
    name = f"workspaces/chat/{_template(found)}.html"
    return render_page(request, name, context, fragment="messages", status=422 if wrong else 200)


def _placeholder(form: MessageForm) -> str:
    """As whom one writes; where there is a choice it stands below."""
    speaking = form.speaks_for
    if not form.room.of_group:
        return _("Write to them")
    if len(speaking) == 1 and speaking[0][0] != MYSELF:
        return _("Write to the group as %(organisation)s") % {"organisation": speaking[0][1]}
    return _("Write to the group")


def _who_reads(found: Room) -> str:
    if found.workspace is None:
        return _("Those in this conversation can read it.")
    if found.workspace.visibility == found.workspace.Visibility.OPEN:
        return _("Everyone in the network can read it.")
    return _("Those who take part in this group can read it.")


def _place(request: SignedInRequest) -> Place:
    unread = number_in(request, "unread")
    around = unread + 1 if unread is not None else number_in(request, "around")
    return Place(before=number_in(request, "before"), after=number_in(request, "after"), around=around)


def _settled(found: Room, shown: Window | None) -> bool:
    """Whoever looks at a decision whose time is over records it, should the clock not have come by yet."""
    decisions = [one.decision for one in shown.messages if one.decision is not None] if shown is not None else []
    overdue = any(decision.state == decision.State.OPEN and not decision.is_open for decision in decisions)
    return overdue and services.decisions_settle(found) > 0


def _answering(request: SignedInRequest, found: Room) -> dict[str, Any]:
    number = number_in(request, "reply")
    return {"reply_to": number} if number is not None else {}


def _answered(form: MessageForm, found: Room) -> Message | None:
    number = form["reply_to"].value()
    if not str(number or "").isdecimal():
        return None
    return message_in(found, int(number))


@signed_in
@require_POST
def send(request: SignedInRequest, topic: int = 0, **where: str) -> HttpResponse:
    """Writes in the topic, or shows what kept it from being written, with the text."""
    found = written_room(request.user, **where)
    chosen = topic_in(found, topic) if found.of_group else only_topic(request.user, found)
    form = MessageForm(request.POST, request.FILES, actor=request.user, room=found, preferred=preferred(request))
    if form.is_valid():
        reply = form.cleaned_data["reply_to"]
        try:
            message = services.message_send(
                request.user,
                topic=chosen,
                reply_to=message_in(found, reply) if reply else None,
                **form.values(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(f"{chosen.get_absolute_url()}#m{message.number}")
    topics, shown = topics_beside(request.user, found, topic) if found.of_group else ([], chosen)
    return room_page(request, found, topics, shown, form)


def add_errors(form: Any, error: ValidationError) -> None:
    """What a service refused, at its field where the form has that."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def only_topic(reader: User, found: Room) -> Topic:
    """The one topic of a conversation, with what is new in it. Raises Http404."""
    topic = shown_topic(reader, found)
    if topic is None:
        raise Http404
    return topic


@signed_in
@require_safe
def permalink(request: SignedInRequest, number: int, **where: str) -> HttpResponse:
    """The message where it stands, in whichever topic it is now."""
    message = message_of(read_room(request.user, **where), number)
    return redirect(f"{message.topic.get_absolute_url()}?around={number}#m{number}")
