"""What is said in the working group of the small network, and in a conversation, for the rows of rooms.

Alpha's staff write, in the conversation with a colleague who has no role; its administrator keeps the group.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tests.architecture.in_groups import of_group, once, working_group
from tests.architecture.world import STAFF, World, person
from workspaces.chat import services
from workspaces.chat.selectors.rooms import room_of

if TYPE_CHECKING:
    from workspaces.chat.models import Message, Room, Topic


def _opened(world: World, title: str, **values: Any) -> Topic:
    room = room_of(working_group(world))
    staff = world.people[STAFF]
    return services.topic_open(staff, room=room, title=title, body="Who has time?", acting_for=world.alpha, **values)


@once
def open_topic(world: World) -> Topic:
    return _opened(world, "Rota for the duty line")


@once
def other_topic(world: World) -> Topic:
    return _opened(world, "Agenda of the next call")


@once
def closed_topic(world: World) -> Topic:
    return services.topic_close(world.people[STAFF], topic=_opened(world, "Settled long ago"))


@once
def message(world: World) -> Message:
    return services.message_send(world.people[STAFF], topic=open_topic(world), body="I do.", acting_for=world.alpha)


@once
def changed_message(world: World) -> Message:
    sent = services.message_send(world.people[STAFF], topic=open_topic(world), body="I do.", acting_for=world.alpha)
    return services.message_edit(world.people[STAFF], message=sent, body="I do, from Tuesday.")


@once
def proposal(world: World) -> Message:
    until = timezone.now() + timedelta(days=5)
    topic = open_topic(world)
    staff = world.people[STAFF]
    return services.message_send(
        staff, topic=topic, body="The phone is optional.", acting_for=world.alpha, decide_until=until
    )


@once
def conversation(world: World) -> Room:
    return services.conversation_open(world.people[STAFF], people=[person("Lena Listens", of=world.alpha)])


@once
def message_in_conversation(world: World) -> Message:
    topic = conversation(world).topics.get()
    return services.message_send(world.people[STAFF], topic=topic, body="Between us.")


@once
def changed_in_conversation(world: World) -> Message:
    topic = conversation(world).topics.get()
    sent = services.message_send(world.people[STAFF], topic=topic, body="Between us.")
    return services.message_edit(world.people[STAFF], message=sent, body="Between the two of us.")


def of_topic(world: World) -> dict[str, Any]:
    return of_group(world) | {"topic": open_topic(world).number}


def of_closed_topic(world: World) -> dict[str, Any]:
    return of_group(world) | {"topic": closed_topic(world).number}


def of_message(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": message(world).number}


def of_changed_message(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": changed_message(world).number}


def of_decision(world: World) -> dict[str, Any]:
    return of_group(world) | {"number": proposal(world).number}


def of_conversation(world: World) -> dict[str, Any]:
    return {"key": conversation(world).key}


def of_message_in_conversation(world: World) -> dict[str, Any]:
    return of_conversation(world) | {"number": message_in_conversation(world).number}


def of_changed_in_conversation(world: World) -> dict[str, Any]:
    return of_conversation(world) | {"number": changed_in_conversation(world).number}


def topic_page(world: World) -> str:
    return open_topic(world).get_absolute_url()


def closed_topic_page(world: World) -> str:
    return closed_topic(world).room.url("topic-edit", closed_topic(world).number)


def edit_topic_page(world: World) -> str:
    return open_topic(world).room.url("topic-edit", open_topic(world).number)


def actions_page(world: World) -> str:
    return message(world).room.url("actions", message(world).number)


def settings_page(world: World) -> str:
    return open_topic(world).room.url("settings")


def conversation_page(world: World) -> str:
    return conversation(world).get_absolute_url()


def actions_page_in_conversation(world: World) -> str:
    return conversation(world).url("actions", message_in_conversation(world).number)
