"""The live matrix (check A3): every topic and command × every role, before and after the right has ended.

A family of topics or a command without a row fails, as does a row of nothing.
"""

import asyncio
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from portal.idempotency.keys import new_key
from portal.live.commands import DONE, REFUSED, Sender, perform
from portal.registry import announced
from tests.architecture.live_table import COMMANDS, TOPICS
from tests.architecture.sending import undone
from tests.architecture.world import SIGNED_IN, make_world
from tests.portal.live.conftest import open_socket  # noqa: F401 - a fixture
from tests.portal.live.sockets import Closed, Nothing, cookie_of, in_thread, published

ROLES = sorted(SIGNED_IN)
NOT_THERE = "This is no longer here for you."


def test_every_family_of_topics_has_a_row():
    assert {topic.name for topic in announced.live_topics} == set(TOPICS)


def test_every_command_has_a_row():
    assert {command.name for command in announced.live_commands} == set(COMMANDS)


def test_every_family_and_every_command_is_in_the_documentation():
    text = (Path(settings.BASE_DIR) / "docs" / "live.md").read_text(encoding="utf-8")

    assert [topic.name for topic in announced.live_topics if not re.search(rf"^\| `{topic.name}\b", text, re.M)] == []
    assert [command.name for command in announced.live_commands if f"`{command.name}`" not in text] == []


def arranged(family):
    """The world with what the row is about."""
    cache.clear()
    world = make_world()
    return world, TOPICS[family].key(world)


async def events_of(socket):
    """The numbers of the events that come within a moment, and whether it hears no more."""
    numbers, over = [], False
    try:
        while True:
            frame = await socket.hear(0.3)
            numbers += [frame["number"]] if "number" in frame else []
            over = over or "gone" in frame
    except Nothing:
        return numbers, over
    except Closed:
        return numbers, True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("family", sorted(TOPICS))
async def test_topic_for_every_role(family, open_socket):  # noqa: F811 - the fixture above
    row = TOPICS[family]
    world, key = await in_thread(arranged)(family)
    topic = f"{family}:{key}" if key else family
    sockets = {role: await open_socket(world.people[role]) for role in ROLES}

    answers = {role: (await socket.subscribe(topic, None))[-1] for role, socket in sockets.items()}
    assert {role for role, answer in answers.items() if "head" in answer} == row.heard
    assert {str(answer["gone"]) for role, answer in answers.items() if role not in row.heard} <= {NOT_THERE}

    number = await published(topic)
    heard = await all_of(sockets)
    assert {role: numbers for role, (numbers, _over) in heard.items() if numbers} == {
        role: [number] for role in row.heard
    }

    for role in sorted(row.heard):
        await in_thread(row.lose)(world, world.people[role])
    last = await published(topic)
    heard = await all_of(sockets)
    # Of one's own rights the end itself is an event; whoever hears it hears nothing after it.
    assert {role for role, (numbers, _over) in heard.items() if last in numbers} == row.keeps
    assert {role for role, (_numbers, over) in heard.items() if over} == row.heard - row.keeps


async def all_of(sockets):
    """What comes to each role within a moment."""
    return dict(zip(sockets, await asyncio.gather(*map(events_of, sockets.values())), strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_for_every_role(name):
    row, world = COMMANDS[name], make_world()
    data = row.data(world)
    senders = {role: sender(world.people[role]) for role in ROLES}
    allowed, told, late = set(), {}, {}

    for role in ROLES:
        with undone():
            answer = perform(senders[role], name, new_key(), data)
        if answer.outcome == DONE:
            allowed.add(role)
        else:
            told[role] = answer.value
        with undone():
            row.lose(world, world.people[role])
            after = perform(senders[role], name, new_key(), data)
            if (after.outcome, after.value) != (REFUSED, NOT_THERE):
                late[role] = after

    assert allowed == row.done
    assert late == {}
    # A sentence is for those who see the thing; to the others it does not exist.
    assert {told[role] for role in told if role not in row.known} <= {NOT_THERE}


def sender(person):
    return Sender(person.pk, cookie_of(person).partition("=")[2], "en")
