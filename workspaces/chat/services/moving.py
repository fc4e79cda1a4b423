"""Putting messages where they belong: into another topic, or a whole topic into another. Their addresses stay good."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.chat import policies
from workspaces.chat.models import Message, Topic
from workspaces.chat.services.effects import announce, check_may_write, hold, message_under, topic_under


@transaction.atomic
def message_move(actor: User, *, message: Message, topic: Topic, following: bool = False) -> Message:
    """Put a message into another topic of its room; `following`: with all that came after it in its own.

    Raises Refused, ValidationError where that topic is another room's, closed, or its own already.
    """
    room = hold(message.room, actor)
    message = message_under(room, message.pk)
    check_may_write(actor, room)
    if not policies.can_move(actor, message):
        raise Refused(_("Only facilitators move messages."))
    target = _target(topic, room.pk, message.topic)
    target.room = room
    moving = Message.objects.filter(topic_id=message.topic_id)
    moving = moving.filter(number__gte=message.number) if following else moving.filter(pk=message.pk)
    numbers = list(moving.values_list("number", flat=True))
    before = message.topic
    moving.update(topic=target)
    for one in (before, target):
        _settle_last(one)
    details = {"from": before.number, "to": target.number, "messages": len(numbers)}
    record(actor, verb="chat.message_moved", target=message, acting_for=None, details=details)
    announce(room, "topic.moved", before, also=[target])
    message.topic = target
    return message


@transaction.atomic
def topic_merge(actor: User, *, topic: Topic, into: Topic) -> Topic:
    """Merge a topic into another of its room; what stays of it is a signpost. Returns the other.

    How far somebody had read goes along where they have not read the other yet. Raises Refused, ValidationError.
    """
    room = hold(topic.room, actor)
    topic = topic_under(room, topic.pk)
    check_may_write(actor, room)
    if not policies.can_merge(actor, topic):
        raise Refused(_("Only facilitators merge topics."))
    target = _target(into, room.pk, topic)
    target.room = room
    Message.objects.filter(topic_id=topic.pk).update(topic=target)
    Topic.objects.filter(merged_into_id=topic.pk).update(merged_into=target)  # one step from every signpost
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chat_readmark (person_id, topic_id, number, at) "
            "SELECT person_id, %s, number, at FROM chat_readmark WHERE topic_id = %s "
            "ON CONFLICT (person_id, topic_id) DO NOTHING",
            [target.pk, topic.pk],
        )
    topic.marks.all().delete()
    topic.merged_into = target
    topic.closed_at, topic.closed_by, topic.is_pinned = topic.closed_at or timezone.now(), actor, False
    topic.save(update_fields=["merged_into", "closed_at", "closed_by", "is_pinned"])
    _settle_last(target)
    record(actor, verb="chat.topic_merged", target=target, acting_for=None, details={"merged": topic.number})
    announce(room, "topic.moved", topic, also=[target])
    return target


def _target(topic: Topic, room_id: int, own: Topic) -> Topic:
    found = Topic.objects.filter(pk=topic.pk, room_id=room_id).first()
    if found is None or found.pk == own.pk or not found.is_open:
        raise ValidationError({"topic": _("Choose another open topic of this group.")})
    return found


def _settle_last(topic: Topic) -> None:
    latest = Message.objects.filter(topic_id=topic.pk).order_by("-number").values_list("at", flat=True).first()
    topic.last_at = latest or topic.opened_at
    topic.save(update_fields=["last_at"])
