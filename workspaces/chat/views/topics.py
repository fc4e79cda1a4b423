"""Topics: a new one, its name, closing, pinning and merging it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.notices import notice
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.chat import policies, services
from workspaces.chat.forms import MoveForm, TopicForm, TopicNameForm
from workspaces.chat.models import Topic
from workspaces.chat.selectors.topics import hide_people, topics_of
from workspaces.chat.views.doors import changed_topic, kept_topic, read_room, written_room
from workspaces.chat.views.frame import framed, preferred
from workspaces.chat.views.room import add_errors


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Opens a topic by its first message."""
    room = written_room(request.user, slug=slug)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TopicForm(data, files, actor=request.user, room=room, preferred=preferred(request))
    if request.method == "POST" and form.is_valid():
        try:
            topic = services.topic_open(request.user, room=room, title=form.cleaned_data["title"], **form.values())
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(topic)
    return render_page(request, "workspaces/chat/topic_new.html", framed(request.user, room) | {"form": form})


@signed_in
@require_safe
def closed(request: SignedInRequest, slug: str) -> HttpResponse:
    """The topics that are closed."""
    room = read_room(request.user, slug=slug)
    page = paginate(request, topics_of(request.user, room, is_open=False).order_by("-closed_at", "-pk"))
    for topic in page:
        topic.room = room
    hide_people(request.user, room, list(page))
    return render_page(request, "workspaces/chat/closed.html", framed(request.user, room) | {"page": page})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, slug: str, topic: int) -> HttpResponse:
    """The name and the language of a topic; from here also closing and merging it."""
    room = written_room(request.user, slug=slug)
    found = changed_topic(request.user, room, topic)
    form = TopicNameForm(request.POST or None, initial={"title": found.title, "language": found.language})
    if request.method == "POST" and form.is_valid():
        try:
            services.topic_update(request.user, topic=found, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(found)
    context = framed(request.user, room) | {
        "topic": found,
        "form": form,
        "may_merge": policies.can_merge(request.user, found),
    }
    return render_page(request, "workspaces/chat/topic_edit.html", context)


@signed_in
@require_POST
def close(request: SignedInRequest, slug: str, topic: int) -> HttpResponse:
    """Closes a topic."""
    found = changed_topic(request.user, written_room(request.user, slug=slug), topic)
    services.topic_close(request.user, topic=found)
    notice(request, _("The topic is closed. It can be read and found."), undo=found.room.url("topic-reopen", topic))
    return redirect(found)


@signed_in
@require_POST
def reopen(request: SignedInRequest, slug: str, topic: int) -> HttpResponse:
    """Goes on with a closed topic."""
    found = changed_topic(request.user, written_room(request.user, slug=slug), topic)
    services.topic_reopen(request.user, topic=found)
    return redirect(found)


@signed_in
@require_POST
def pin(request: SignedInRequest, slug: str, topic: int) -> HttpResponse:
    """Keeps a topic on top of the list, or lets it go: `on` is "1" or empty."""
    found = kept_topic(request.user, written_room(request.user, slug=slug), topic)
    services.topic_pin(request.user, topic=found, on=request.POST.get("on") == "1")
    return redirect(found)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: SignedInRequest, slug: str, topic: int) -> HttpResponse:
    """Merges a topic into another."""
    room = written_room(request.user, slug=slug)
    found = kept_topic(request.user, room, topic)
    form = MoveForm(request.POST or None, room=room, without=found, whole=True)
    if request.method == "POST" and form.is_valid():
        into: Topic = form.cleaned_data["topic"]
        into.room = room
        return redirect(services.topic_merge(request.user, topic=found, into=into))
    context = framed(request.user, room) | {"topic": found, "form": form}
    return render_page(request, "workspaces/chat/topic_merge.html", context)
