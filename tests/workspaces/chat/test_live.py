"""Rooms on open pages: who hears what, how it looks, and commands with anything in them (D2, F5)."""

import asyncio
import random

import pytest
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist, ValidationError

from memberships.organisations.models import Organisation
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.idempotency.keys import new_key
from portal.idempotency.services import once
from portal.live import limits
from portal.live.reading import audience_of, may_read
from portal.registry import announced
from tests.factories import people as factory
from tests.factories.rooms import cast
from tests.portal.idempotency.together import together
from tests.portal.live.conftest import open_socket  # noqa: F401 - a fixture
from tests.portal.live.sockets import in_thread
from workspaces.chat import live, services
from workspaces.chat.models import Message, ReadMark
from workspaces.groups.services import participation_end

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group():
    cache.clear()
    return cast()


def command(name, key, **data):
    return {"do": "command", "name": name, "key": key, "data": data}


@pytest.fixture
def talk(group):
    return group, group.topic()


async def heard(socket, kind):
    while True:
        frame = await socket.hear()
        if frame.get("kind") == kind:
            return frame


async def test_what_one_sends_the_other_sees(talk, open_socket):  # noqa: F811
    group, _topic = talk
    reader, writer = await open_socket(group.ann), await open_socket(group.bob)
    room = group.workspace.key
    await reader.subscribe(f"chat:{room}")
    key = new_key()
    for _ in range(2):  # a doubled click
        await writer.say(command("message.send", key, room=room, topic=1, body="**Now**", language="en"))
    answers = [await writer.hear(), await writer.hear()]

    frame = await heard(reader, "message.created")

    assert answers == [{"key": key, "done": {"number": 2, "topic": 1}}] * 2
    assert frame["data"] == {"topic": 1, "number": 2}
    assert "<strong>Now</strong>" in frame["html"]["message"]
    assert 'data-topic-line="1"' in frame["html"]["topic"]
    assert await in_thread(Message.objects.count)() == 2


async def test_who_is_removed_is_told_and_hears_nothing_more(talk, open_socket):  # noqa: F811
    group, topic = talk
    socket = await open_socket(group.bob)
    await socket.subscribe(f"chat:{group.workspace.key}")
    place = await in_thread(group.workspace.participations.get)(person=group.bob)
    await in_thread(participation_end)(group.keeper, participation=place)
    while "gone" not in (frame := await socket.hear(2)):
        pass
    assert frame["topic"] == f"chat:{group.workspace.key}"

    await in_thread(group.say)(topic, "Without Bob", group.ann)
    await socket.say(command("message.send", new_key(), room=group.workspace.key, topic=1, body="Still here"))

    assert (await socket.hear())["refused"] == "This is no longer here for you."
    assert await socket.is_quiet()


def test_the_same_key_at_the_same_moment_makes_one_message(talk):
    group, _topic = talk
    key, data = new_key(), {"room": group.workspace.key, "topic": 1, "body": "Once"}

    def send():
        person = factory.reread(group.bob)
        return once(person, key, "message.send", data, lambda: dict(live.message_send(person, data)))

    answers = together(*[send] * 6)

    assert [dict(answer) for answer in answers] == [{"number": 2, "topic": 1}] * 6
    assert Message.objects.filter(body="Once").count() == 1


def test_twenty_who_write_at_once_each_have_their_number(talk):
    group, topic = talk

    together(*[lambda number=number: group.say(topic, f"Line {number}") for number in range(12)])

    assert list(Message.objects.values_list("number", flat=True)) == list(range(1, 14))


def test_who_hears_which(talk):
    group, _topic = talk
    name = f"chat:{group.workspace.key}"
    heard_by = {one.name: audience_of(factory.reread(one), name) for one in (group.keeper, group.ann, group.outsider)}

    assert heard_by == {"Kim Keeper": "facilitator", "Ann Alpha": "participant", "Otto Out": None}
    for nothing in ("chat:", "chat:x", "chat:../..", "chat:" + "a" * 95, "chat:1", "chat:é"):
        assert not may_read(factory.reread(group.ann), nothing)


def test_a_fragment_says_nothing_personal(talk):
    group, topic = talk
    services.message_react(group.bob, message=topic.messages.get(), sign="👍")

    html = live.message_fragment(group.workspace.key, {"topic": 1, "number": 1}, "ar", "participant")

    assert "csrf" not in html["message"]
    assert ' own"' not in html["message"]
    assert live.message_fragment(group.workspace.key, {"topic": 1, "number": 99}, "en", "participant") == {}


def test_who_is_here_is_shown_with_their_time(talk):
    group, _topic = talk
    group.bob.time_zone = "Asia/Kathmandu"
    group.bob.save()

    html = live.present(group.workspace.key, [group.bob.pk], "en", "participant")

    assert 'data-offset="345"' in html
    assert "Bob Beta" in html
    group.beta.at_risk = True
    group.beta.save()
    assert "data-offset" not in live.present(group.workspace.key, [group.bob.pk], "en", "participant")
    everybody = [group.bob.pk, group.ann.pk]
    assert live.told_of(group.workspace.key, everybody, "reader") == [group.ann.pk]
    assert live.told_of(group.workspace.key, everybody, "participant") == everybody


def test_of_very_many_only_some_are_named(talk):
    """The list is sent to everybody each time that somebody comes or goes."""
    group, _topic = talk
    many = [factory.person(f"Person {number:03}", of=group.alpha).pk for number in range(60)]

    html = live.present(group.workspace.key, many, "en", "participant")

    assert html.count("data-here") == 40
    assert "and 20 others" in html
    assert "others" not in live.present(group.workspace.key, many[:40], "en", "participant")


async def test_a_visitor_does_not_learn_that_somebody_at_risk_is_here_or_types(db, open_socket):  # noqa: F811
    group = await in_thread(lambda: cast(visibility="open"))()
    await in_thread(lambda: Organisation.objects.filter(pk=group.beta.pk).update(at_risk=True))()
    await in_thread(lambda: User.objects.update(presence_visible=True))()
    topic = f"chat:{group.workspace.key}"
    sockets = [await open_socket(one) for one in (group.bob, group.ann, group.outsider)]
    for socket in sockets:
        await socket.subscribe(topic)
    bob, ann, visitor = sockets
    await asyncio.sleep(2 * limits.COALESCE_SECONDS)

    await bob.say({"do": "typing", "topic": topic})

    assert (await heard(ann, "typing"))["data"]["name"] == "Bob Beta"
    await ann.say({"do": "typing", "topic": topic})  # what comes after it tells that nothing came before
    await asyncio.sleep(2 * limits.COALESCE_SECONDS)
    seen = [await visitor.hear() for _ in range(visitor.outbox.qsize())]
    assert [frame["data"]["name"] for frame in seen if frame.get("kind") == "typing"] in (["Ann Alpha"], [])
    present = [frame for frame in seen if frame.get("kind") == "present"][-1]
    assert present["data"]["count"] == 2
    assert group.bob.pk not in present["data"]["ids"]
    assert "Bob" not in present["html"]["present"]


def test_commands_do_what_forms_do(talk):
    group, _topic = talk
    act = {name: announced.live_commands[name].act for name in ("message.edit", "message.react", "topic.read")}
    room = group.workspace.key
    ann = factory.reread(group.ann)

    act["message.edit"](ann, {"room": room, "number": 1, "body": "Other fields"})
    assert act["message.react"](ann, {"room": room, "number": 1, "sign": "👍"}) == {"number": 1, "on": True}
    assert act["topic.read"](factory.reread(group.bob), {"room": room, "topic": 1, "number": 10**6}) == {"number": 1}

    assert Message.objects.get().body == "Other fields"
    assert ReadMark.objects.get(person=group.bob).number == 1
    announced.live_commands["message.delete"].act(ann, {"room": room, "number": 1})
    assert Message.objects.get().body == ""


NONSENSE = (
    None, True, False, 0, 1, -1, 10**30, 1.5, "", "1", "x" * 20_000, "\u202e", "👍", [], [1], {}, {"a": 1},
    "2026-02-31", "2999-01-01", "../../etc", "<script>", "\ud7ff", [[[[]]]],
)  # fmt: skip


def test_nothing_that_is_sent_breaks_a_command(talk):
    group, _topic = talk
    dice, person = random.Random(7), factory.reread(group.bob)
    fields = ("room", "topic", "number", "body", "acting_for", "language", "reply_to", "until", "sign", "on", "stance",
              "organisation", "reason")  # fmt: skip
    good = {"room": group.workspace.key, "topic": 1, "number": 1, "body": "Hi", "sign": "👍"}
    answered = 0
    for name in ("message.send", "message.edit", "message.delete", "message.react", "position.take", "topic.read"):
        for _ in range(150):
            data = {**good, **{one: dice.choice(NONSENSE) for one in dice.sample(fields, dice.randrange(1, 5))}}
            try:
                announced.live_commands[name].act(person, data)
            except (Refused, ValidationError, LookupError, ObjectDoesNotExist):
                answered += 1

    assert answered > 400
