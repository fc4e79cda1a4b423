"""Writing a message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from workspaces.chat.models import Mention, Message, ReadMark, Topic
from workspaces.chat.selectors.calling import called_in
from workspaces.chat.services.attaching import kept
from workspaces.chat.services.deciding import propose
from workspaces.chat.services.effects import (
    announce,
    check_may_post,
    hold,
    index,
    next_message_number,
    note_life,
    speaker,
    topic_under,
    touch,
)
from workspaces.chat.services.telling import tell_of_message
from workspaces.chat.writing import Found, checked_body, checked_language, clean_text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from memberships.organisations.models import Organisation


@transaction.atomic
def message_send(
    actor: User,
    *,
    topic: Topic,
    body: str,
    acting_for: Organisation | None = None,
    language: str = "",
    reply_to: Message | None = None,
    uploads: Iterable[UploadedFile[Any]] = (),
    decide_until: datetime | None = None,
) -> Message:
    """Write in a topic, for an organisation or (None) for oneself; `decide_until` proposes it as a decision at once.

    Whoever speaks for one organisation alone and never for themselves need not say for which. With `uploads` the text
    may be missing. Those who are to hear of it are told. Raises Refused, ValidationError by field.
    """
    room = hold(topic.room, actor)
    topic = topic_under(room, topic.pk)
    check_may_post(actor, topic)
    who = speaker(actor, room, acting_for)
    uploads = list(uploads)
    text = "" if uploads and not clean_text(body) else checked_body(body)
    files = kept(actor, room, who["acting_for"], uploads)
    now = timezone.now()
    message = Message.objects.create(
        room=room,
        topic=topic,
        number=next_message_number(room),
        author=actor,
        body=text,
        language=checked_language(language),
        reply_to=_answered(topic, reply_to),
        files=files,
        at=now,
        expires_at=now + timedelta(days=room.retention_days) if room.retention_days else None,
        **who,
    )
    called = mentions_keep(message, called_in(actor, room, text))
    if decide_until is not None:
        propose(actor, message, until=decide_until)
    touch(topic)
    _has_read(actor, message)
    index([message.pk])
    tell_of_message(message, called)
    note_life(room)
    announce(room, "message.created", topic, message.number)
    return message


def mentions_keep(message: Message, called: Found) -> Found:
    """Keep whom the message calls, in place of whom it called before."""
    message.mentions.all().delete()
    rows = [Mention(message=message, person=person) for person in called.people]
    rows += [Mention(message=message, organisation=organisation) for organisation in called.organisations]
    rows += [Mention(message=message, facilitators=True)] if called.facilitators else []
    Mention.objects.bulk_create(rows)
    return called


def _answered(topic: Topic, message: Message | None) -> Message | None:
    """What it answers, where that is in the same room and still there."""
    if message is None or message.room_id != topic.room_id or message.is_deleted:
        return None
    return message


def _has_read(actor: User, message: Message) -> None:
    """Whoever writes at the end of a topic has seen what stands above."""
    ReadMark.objects.update_or_create(
        person=actor, topic_id=message.topic_id, defaults={"number": message.number, "at": message.at}
    )
