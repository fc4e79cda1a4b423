"""Topics: opening one with its first message, naming, pinning, closing and reopening it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from workspaces.chat import policies
from workspaces.chat.models import Room, Topic
from workspaces.chat.services.effects import (
    announce,
    check_may_write,
    hold,
    next_topic_number,
    speaker,
    topic_under,
)
from workspaces.chat.services.sending import message_send
from workspaces.chat.writing import checked_language, checked_title

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from memberships.organisations.models import Organisation


@transaction.atomic
def topic_open(
    actor: User,
    *,
    room: Room,
    title: str,
    body: str,
    acting_for: Organisation | None = None,
    language: str = "",
    uploads: Iterable[UploadedFile[Any]] = (),
    decide_until: datetime | None = None,
) -> Topic:
    """Open a topic in the room of a group by writing its first message; see `message_send`.

    Raises Refused, ValidationError by field.
    """
    room = hold(room, actor)
    check_may_write(actor, room)
    if not policies.can_open(actor, room):
        raise Refused(_("A conversation has no topics."))
    who = speaker(actor, room, acting_for)
    topic = Topic.objects.create(
        room=room,
        number=next_topic_number(room),
        title=checked_title(title),
        language=checked_language(language),
        opened_by=actor,
        opened_for=who["acting_for"],
    )
    message_send(
        actor,
        topic=topic,
        body=body,
        acting_for=who["acting_for"],
        language=language,
        uploads=uploads,
        decide_until=decide_until,
    )
    topic.refresh_from_db(fields=["last_at"])
    return topic


def _changed(actor: User, topic: Topic) -> Topic:
    room = hold(topic.room, actor)
    topic = topic_under(room, topic.pk)
    check_may_write(actor, room)
    if not policies.can_change_topic(actor, topic):
        raise Refused(_("Only whoever opened a topic, and facilitators, can change it."))
    return topic


@transaction.atomic
def topic_update(actor: User, *, topic: Topic, title: str, language: str) -> Topic:
    """Name a topic anew. Raises Refused, ValidationError by field."""
    topic = _changed(actor, topic)
    topic.title, topic.language = checked_title(title), checked_language(language)
    topic.save(update_fields=["title", "language"])
    announce(topic.room, "topic.changed", topic)
    return topic


@transaction.atomic
def topic_pin(actor: User, *, topic: Topic, on: bool) -> Topic:
    """Keep a topic on top of the list, or let it go. Raises Refused."""
    room = hold(topic.room, actor)
    topic = topic_under(room, topic.pk)
    check_may_write(actor, room)
    if not policies.can_merge(actor, topic):
        raise Refused(_("Only facilitators pin topics."))
    if topic.is_pinned != on:
        topic.is_pinned = on
        topic.save(update_fields=["is_pinned"])
        announce(room, "topic.changed", topic)
    return topic


@transaction.atomic
def topic_close(actor: User, *, topic: Topic) -> Topic:
    """Close a topic: it can be read and found, and nobody writes in it. Closed already: unchanged. Raises Refused."""
    topic = _changed(actor, topic)
    if topic.closed_at is None:
        topic.closed_at, topic.closed_by = timezone.now(), actor
        topic.save(update_fields=["closed_at", "closed_by"])
        announce(topic.room, "topic.changed", topic)
    return topic


@transaction.atomic
def topic_reopen(actor: User, *, topic: Topic) -> Topic:
    """Go on with a closed topic. Open already: unchanged. Raises Refused."""
    topic = _changed(actor, topic)
    if topic.closed_at is not None:
        topic.closed_at = topic.closed_by = None
        topic.save(update_fields=["closed_at", "closed_by"])
        announce(topic.room, "topic.changed", topic)
    return topic
