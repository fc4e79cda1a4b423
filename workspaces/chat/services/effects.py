"""What every change in a room shares: the lock before it, the numbers, and who hears of it after.

Order of locks in one transaction: the group's row (or the conversation's), then the room's counts, which it covers,
then the live topic, once, at the end. So numbers of messages are given in the order in which they become visible, and
nobody is let through whose right is being taken at the same moment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from memberships.people.selectors import forget_rights
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.live.services import publish
from portal.search.services import reindex
from workspaces.chat import policies
from workspaces.chat.models import Message, Room, Topic
from workspaces.chat.selectors.finding import SOURCE
from workspaces.groups import policies as groups
from workspaces.groups.services.effects import lock
from workspaces.groups.services.visiting import happened


def hold(room: Room, actor: User | None) -> Room:
    """Wait for the room and hold it; what `actor` was known to be allowed before is asked again under it."""
    if room.workspace is not None:
        workspace = lock(room.workspace, actor)
        held, _created = Room.objects.get_or_create(workspace=workspace, defaults={"key": workspace.key})
        held.workspace = workspace
        return held
    if actor is not None:
        forget_rights(actor)
    return Room.objects.select_for_update(no_key=True).get(pk=room.pk)


def topic_under(room: Room, pk: int) -> Topic:
    """The topic as it is under the lock of its room. Raises Topic.DoesNotExist where it belongs to another."""
    topic = Topic.objects.get(pk=pk, room_id=room.pk)
    topic.room = room
    return topic


def message_under(room: Room, pk: int) -> Message:
    """The message as it is under the lock of its room. Raises Message.DoesNotExist."""
    message = (
        Message.objects.filter(policies.unexpired())
        .select_related("topic", "author", "acting_for", "decision__proposed_for")
        .get(pk=pk, room_id=room.pk)
    )
    message.room = message.topic.room = room
    return message


def next_topic_number(room: Room) -> int:
    """The next number of a topic; under the lock."""
    room.topic_head += 1
    Room.objects.filter(pk=room.pk).update(topic_head=room.topic_head)
    return room.topic_head


def next_message_number(room: Room) -> int:
    """The next number of a message; under the lock."""
    room.message_head += 1
    Room.objects.filter(pk=room.pk).update(message_head=room.message_head)
    return room.message_head


def speaker(actor: User, room: Room, acting_for: Organisation | None) -> dict[str, Any]:
    """Who speaks, as a message keeps it. Raises ValidationError by field where `actor` may not speak for that."""
    organisations, myself = policies.speaks_for(actor, room)
    if acting_for is None and not myself:
        if len(organisations) != 1:
            raise ValidationError({"acting_for": _("Choose for whom you act.")})
        acting_for = organisations[0]
    if acting_for is not None and acting_for.pk not in {one.pk for one in organisations}:
        raise ValidationError({"acting_for": _("You do not act for this organisation here. Choose another one.")})
    place = groups.place(actor, room.workspace) if room.workspace is not None else None
    is_guest = place is not None and place.is_guest
    return {
        "acting_for": acting_for,
        "is_guest": is_guest,
        "guest_from": place.guest_from if place is not None and is_guest else "",
    }


def check_may_post(actor: User, topic: Topic) -> None:
    """Raise Refused unless `actor` may write in the topic now."""
    check_may_write(actor, topic.room)
    if not topic.is_open:
        raise Refused(_("This topic is closed. Reopen it, or open another one."))


def check_may_write(actor: User, room: Room) -> None:
    """Raise Refused unless `actor` may write in the room now."""
    if policies.can_write(actor, room):
        return
    if not policies.can_read(actor, room):
        raise Refused(_("You no longer read here."))
    if room.workspace is None:
        raise Refused(_("Nobody else is in this conversation any more."))
    if not room.workspace.is_active:
        raise Refused(_("This group is dissolved. It can be read, and nothing in it can be changed."))
    raise Refused(_("Only those who take part in this group can write in it."))


def announce(room: Room, kind: str, topic: Topic, *numbers: int, also: Collection[Topic] = ()) -> None:
    """Tell open pages of the room what happened; the rows hold numbers only."""
    data: dict[str, Any] = {"topic": topic.number}
    if len(numbers) == 1:
        data["number"] = numbers[0]
    elif numbers:
        data["numbers"] = list(numbers)
    if also:
        data["also"] = sorted(one.number for one in also)
    publish(room.live_topic, kind=kind, payload=data)


def note_life(room: Room) -> None:
    """Note for the lists of groups that something happened here."""
    if room.workspace is not None:
        happened(room.workspace)


def touch(topic: Topic) -> None:
    """Put the topic on top of the list: something was written in it."""
    topic.last_at = timezone.now()
    topic.save(update_fields=["last_at"])


def index(message_ids: Sequence[int]) -> None:
    """Bring the search up to date for these messages."""
    if message_ids:
        reindex(SOURCE, message_ids)
