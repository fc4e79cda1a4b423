"""The doors of rooms: what one may not know of does not exist (404), what one may not do is said (403).

A page of a group's room is given its `slug`, one of a conversation its `key`.
"""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from workspaces.chat import policies
from workspaces.chat.models import Message, Room, Topic
from workspaces.chat.selectors.messages import message_in
from workspaces.chat.selectors.page import with_counts
from workspaces.chat.selectors.rooms import conversation_by_key, room_of, with_room
from workspaces.chat.services.effects import check_may_write
from workspaces.groups.views.doors import read_group, written_group


def read_room(reader: User, *, slug: str = "", key: str = "") -> Room:
    """The room in which `reader` may read. Raises Http404, Refused."""
    if slug:
        return room_of(read_group(reader, slug, with_room))
    room = conversation_by_key(key)
    if room is None or not policies.can_read(reader, room):
        raise Http404
    return room


def whole_room(reader: User, slug: str) -> Room:
    """The room of the group with what its own page says of it. Raises Http404, Refused."""
    return room_of(read_group(reader, slug, with_counts))


def written_room(reader: User, *, slug: str = "", key: str = "") -> Room:
    """The room in which `reader` may write now. Raises Http404, Refused."""
    if slug:
        return room_of(written_group(reader, slug, with_room))
    room = read_room(reader, key=key)
    check_may_write(reader, room)
    return room


def topic_in(room: Room, number: int) -> Topic:
    """The topic with that number, also a signpost. Raises Http404."""
    topic = Topic.objects.select_related("merged_into", "opened_by").filter(room_id=room.pk, number=number).first()
    if topic is None:
        raise Http404
    topic.room = room
    return topic


def message_of(room: Room, number: int) -> Message:
    """The message with that number. Raises Http404."""
    message = message_in(room, number)
    if message is None:
        raise Http404
    return message


def changed_topic(reader: User, room: Room, number: int) -> Topic:
    """The topic that `reader` may name, close and reopen. Raises Http404, Refused."""
    topic = topic_in(room, number)
    if not policies.can_change_topic(reader, topic):
        raise Refused(_("Only whoever opened a topic, and facilitators, can change it."))
    return topic


def kept_topic(reader: User, room: Room, number: int) -> Topic:
    """The topic that `reader` may merge and pin. Raises Http404, Refused."""
    topic = topic_in(room, number)
    if not policies.can_merge(reader, topic):
        raise Refused(_("Only facilitators pin and merge topics."))
    return topic
