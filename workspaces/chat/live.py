"""The socket edge of rooms: what open pages listen to, how events look there, and what they may ask for.

The commands call the same policies and services as the forms. What comes from outside may be anything: what does not
fit is answered as what is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from memberships.organisations.models import Organisation
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.registry import Text
from workspaces.chat import policies, services
from workspaces.chat.models import Companion, Message, Room, Topic
from workspaces.chat.selectors.here import SHOWN, here_now
from workspaces.chat.selectors.messages import message_in, shown
from workspaces.chat.selectors.rooms import room_by_key
from workspaces.groups import live as groups

COMPANION = "companion"

# What pages listen to


def may_follow(person: User, key: str) -> bool:
    """`chat:<key>`: whoever may read in the room. To others it is as if there were none."""
    room = room_by_key(key)
    return room is not None and policies.can_read(person, room)


def audience(person: User, key: str) -> str:
    """Which class of its readers the person is in: as in their group; those of a conversation are all alike."""
    room = room_by_key(key)
    return groups.audience(person, key) if room is not None and room.of_group else COMPANION


def present(key: str, person_ids: Sequence[int], language: str, audience: str) -> str:
    """Who has the room open now, as the page shows it beside the messages."""
    room = room_by_key(key)
    if room is None:
        return ""
    context = {"here": here_now(room, person_ids), "not_named": max(0, len(person_ids) - SHOWN)}
    return render_to_string("workspaces/chat/_here.html", context)


def told_of(key: str, person_ids: Sequence[int], audience: str) -> Sequence[int]:
    """Those of the people whom an audience is shown: see `policies.people_hidden_from`."""
    room = room_by_key(key)
    if room is None:
        return []
    if room.workspace is None or audience != groups.READER:
        return person_ids
    hidden = policies.people_hidden_from(AnonymousUser(), room.workspace, person_ids)
    return [person_id for person_id in person_ids if person_id not in hidden]


# How events look


def message_fragment(key: str, payload: Mapping[str, Any], language: str, audience: str) -> Mapping[str, str]:
    """A message that was written or changed, and its topic's line in the list."""
    room = room_by_key(key)
    message = message_in(room, payload["number"]) if room is not None else None
    if room is None or message is None:
        return {}
    one = shown([message], room, audience=audience)[0]
    context = {"one": one, "message": message, "room": room}
    parts: dict[str, str] = {"message": render_to_string("workspaces/chat/_message.html", context)}
    if room.of_group:
        message.topic.last_by = "" if one.hidden else message.author.name  # type: ignore[attr-defined]
        parts["topic"] = _topic_line(room, message.topic)
    return parts


def topic_fragment(key: str, payload: Mapping[str, Any], language: str, audience: str) -> Mapping[str, str]:
    """The line of a topic that got another name, was closed or opened."""
    room = room_by_key(key)
    topic = Topic.objects.filter(room__key=key, number=payload["topic"]).first()
    if room is None or topic is None:
        return {}
    topic.room = room
    return {"topic": _topic_line(room, topic)} if topic.is_open else {}


def _topic_line(room: Room, topic: Topic) -> str:
    topic.room = room
    return render_to_string("workspaces/chat/_topic_line.html", {"topic": topic, "room": room})


# Where notifications come from


def room_parent(key: str) -> str | None:
    """The group around a topic."""
    return f"group:{key.partition('.')[0]}"


def hears_room(person_id: int, key: str) -> bool:
    """Whoever takes part in the group hears from its topics."""
    return groups.may_hear(person_id, key.partition(".")[0])


def heard_in_rooms(pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the pairs of person and topic where the person takes part in the group; one query."""
    heard = groups.heard({(person_id, key.partition(".")[0]) for person_id, key in pairs})
    return {(person_id, key) for person_id, key in pairs if (person_id, key.partition(".")[0]) in heard}


def room_label(person: User, key: str) -> Text:
    """What a topic is called, for somebody who may hear there."""
    return room_labels(person, [key]).get(key, _("A topic"))


def room_labels(person: User, keys: Collection[str]) -> Mapping[str, Text]:
    """What the topics are called, each with its group; one query."""
    wanted = {key.partition(".")[0] for key in keys}
    rows = Topic.objects.filter(room__key__in=wanted).select_related("room__workspace")
    found = {f"{topic.room.key}.{topic.number}": topic for topic in rows}
    return {key: f"{found[key].title} · {found[key].room.workspace}" for key in keys if key in found}


def hears_conversation(person_id: int, key: str) -> bool:
    """Whoever is in the conversation and belongs to the network."""
    return bool(heard_in_conversations({(person_id, key)}))


def heard_in_conversations(pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the pairs of person and conversation where the person is in it."""
    rows = Companion.objects.filter(
        person_id__in={person_id for person_id, _key in pairs},
        room__key__in={key for _person_id, key in pairs},
        left_at__isnull=True,
        person__affiliations__until__isnull=True,
        person__affiliations__pk__isnull=False,
    )
    found = set(rows.values_list("person_id", "room__key"))
    # Of the Secretariat some belong to no organisation.
    missing = {person_id for person_id, _key in set(pairs) - found}
    staff = {person.pk for person in User.objects.filter(pk__in=missing) if is_secretariat(person)}
    if staff:
        there = Companion.objects.filter(person_id__in=staff, left_at__isnull=True)
        found |= set(there.values_list("person_id", "room__key"))
    return set(pairs) & found


def conversation_label(person: User, key: str) -> Text:
    """Whom a conversation is with."""
    others = Companion.objects.filter(room__key=key).exclude(person_id=person.pk).select_related("person")
    return ", ".join(str(one.person) for one in others) or _("A conversation")


# Commands


def message_send(person: User, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`message.send`: room, topic, body, and where it matters acting_for, language, reply_to, until."""
    topic = _topic(person, data)
    answered = data.get("reply_to")
    message = services.message_send(
        person,
        topic=topic,
        body=_text(data, "body"),
        acting_for=_acting_for(data),
        language=_text(data, "language"),
        reply_to=_message(topic.room, answered) if answered is not None else None,
        decide_until=_until(data),
    )
    return {"number": message.number, "topic": topic.number}


def message_edit(person: User, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`message.edit`: room, number, body."""
    message = _message(_room(person, data), data.get("number"))
    return {"number": services.message_edit(person, message=message, body=_text(data, "body")).number}


def message_delete(person: User, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`message.delete`: room, number."""
    message = _message(_room(person, data), data.get("number"))
    return {"number": services.message_delete(person, message=message).number}


def message_react(person: User, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`message.react`: room, number, sign, and `on` where it is not simply the other way."""
    message = _message(_room(person, data), data.get("number"))
    wanted = data.get("on")
    on = wanted if isinstance(wanted, bool) else None
    return {
        "number": message.number,
        "on": services.message_react(person, message=message, sign=_text(data, "sign"), on=on),
    }


def position_take(person: User, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`position.take`: room, number (of the message), organisation, stance, reason."""
    message = _message(_room(person, data), data.get("number"))
    decision, organisation = policies.decision_of(message), _organisation(data.get("organisation"))
    if decision is None or organisation is None:
        raise LookupError
    services.position_take(
        person, decision=decision, organisation=organisation, stance=_text(data, "stance"), reason=_text(data, "reason")
    )
    return {"number": message.number}


def topic_read(person: User, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`topic.read`: room, topic, and the number of the last message seen."""
    topic = _topic(person, data)
    number = min(_number(data.get("number")), topic.room.message_head)
    services.read_mark(person, topic=topic, number=number)
    return {"number": number}


def _room(person: User, data: Mapping[str, Any]) -> Room:
    key = data.get("room")
    room = room_by_key(key) if isinstance(key, str) else None
    if room is None or room.pk is None or not policies.can_read(person, room):
        raise LookupError("no such room")
    return room


def _topic(person: User, data: Mapping[str, Any]) -> Topic:
    room = _room(person, data)
    topic = Topic.objects.get(room_id=room.pk, number=_number(data.get("topic")))
    topic.room = room
    return topic


def _message(room: Room, number: Any) -> Message:
    message = message_in(room, _number(number))
    if message is None:
        raise LookupError("no such message")
    return message


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise LookupError("not a number of anything")
    return value


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise LookupError("not a text")
    return value


def _organisation(value: Any) -> Organisation | None:
    return Organisation.objects.filter(pk=_number(value)).first()


def _acting_for(data: Mapping[str, Any]) -> Organisation | None:
    chosen = data.get("acting_for")
    if chosen is None:
        return None
    organisation = _organisation(chosen)
    if organisation is None:
        raise LookupError("no such organisation")
    return organisation


def _until(data: Mapping[str, Any]) -> datetime | None:
    """The end of the day that the page gives, in the time zone that is active."""
    chosen = _text(data, "until")
    if not chosen:
        return None
    try:
        day = parse_date(chosen)
    except ValueError:
        day = None
    if day is None:
        raise LookupError("not a day")
    return datetime.combine(day, datetime.max.time().replace(microsecond=0), tzinfo=timezone.get_current_timezone())
