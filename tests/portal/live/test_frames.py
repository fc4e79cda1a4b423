"""What clients send: unreadable, unknown, too large, too much (check D2 in short); each answered once, then closed."""

import json
import os
import random

import pytest

from portal.live import limits
from portal.live.frames import Wrong, read
from tests.architecture.test_fuzz import words
from tests.architecture.world import STAFF
from tests.portal.live.sockets import Closed

INPUTS = int(os.environ.get("FUZZ", "1000"))

WRONG = {
    "no json": limits.UNREADABLE,
    "": limits.UNREADABLE,
    "[]": limits.UNREADABLE,
    "1": limits.UNREADABLE,
    "null": limits.UNREADABLE,
    '"subscribe"': limits.UNREADABLE,
    "{}": limits.UNREADABLE,
    '{"do":7,"topic":"a"}': limits.UNREADABLE,
    '{"do":"dance","topic":"a"}': limits.UNKNOWN,
    '{"do":"subscribe"}': limits.UNREADABLE,
    '{"do":"subscribe","topic":7}': limits.UNREADABLE,
    '{"do":"subscribe","topic":""}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"room:\\u0661"}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"room:1\\n"}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"directory","since":"1"}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"directory","since":-1}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"directory","since":true}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"directory","since":1e999}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"directory","since":NaN}': limits.UNREADABLE,
    '{"do":"subscribe","topic":"directory","since":' + "9" * 30 + "}": limits.UNREADABLE,
    '{"do":"subscribe","topic":"' + "x" * 101 + '"}': limits.UNREADABLE,
    '{"do":"ack"}': limits.UNREADABLE,
    '{"do":"ack","topic":"directory","number":"x"}': limits.UNREADABLE,
    '{"do":"ack","frames":-3}': limits.UNREADABLE,
    '{"do":"typing"}': limits.UNREADABLE,
    '{"do":"command"}': limits.UNREADABLE,
    '{"do":"command","name":"a.b","key":7}': limits.UNREADABLE,
    '{"do":"command","name":"A B","key":"kkkkkkkkkkkkkkkkkkkk"}': limits.UNREADABLE,
    '{"do":"command","name":"a.b","key":"kkkkkkkkkkkkkkkkkkkk","data":[]}': limits.UNREADABLE,
    '{"do":"command","name":"a.b","key":"kkkkkkkkkkkkkkkkkkkk","data":{"t":"\\u0000"}}': limits.UNREADABLE,
    '{"do":"command","name":"a.b","key":"kkkkkkkkkkkkkkkkkkkk","data":{"t":"\\ud800"}}': limits.UNREADABLE,
    "[" * 15_000: limits.UNREADABLE,
    '{"a":' * 10_000: limits.UNREADABLE,
    '{"do":"typing","topic":"a","x":' + "[" * 40 + "]" * 40 + "}": limits.UNREADABLE,
    '{"do":"subscribe","topic":"' + "x" * limits.FRAME_CHARACTERS + '"}': limits.TOO_LARGE,
}


@pytest.mark.parametrize(("text", "code"), WRONG.items(), ids=[text[:40] for text in WRONG])
def test_what_is_wrong_has_a_code(text, code):
    with pytest.raises(Wrong) as wrong:
        read(text)

    assert wrong.value.code == code


def test_binary_is_too_large_for_a_text():
    with pytest.raises(Wrong) as wrong:
        read(None)

    assert wrong.value.code == limits.TOO_LARGE


def test_what_is_right_is_read():
    for frame in (
        {"do": "subscribe", "topic": "group:12:chat", "since": 0},
        {"do": "subscribe", "topic": "directory", "since": None},
        {"do": "unsubscribe", "topic": "directory"},
        {"do": "ack", "topic": "directory", "number": 7},
        {"do": "ack", "frames": 64},
        {"do": "typing", "topic": "room:1"},
        {"do": "command", "name": "message.send", "key": "k" * 20, "data": {"text": "سلام 😀", "n": 1.5, "on": True}},
    ):
        assert read(json.dumps(frame)) == read(json.dumps(frame, ensure_ascii=False)) == frame


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("frame", ["no json", '{"do":"dance"}', b"\x00\x01", "x" * (limits.FRAME_CHARACTERS + 1)])
async def test_it_is_answered_once_then_closed(frame, world, open_socket):
    socket = await open_socket(world.people[STAFF])

    for _ in range(3):
        await socket.say(frame)

    answer = await socket.hear()
    assert answer["error"] == "This message was not understood."
    with pytest.raises(Closed) as closed:
        await socket.hear()
    assert closed.value.code == answer["code"]
    assert 4010 <= answer["code"] <= 4014


@pytest.mark.django_db(transaction=True)
async def test_a_flood_is_closed(world, open_socket):
    socket = await open_socket(world.people[STAFF])

    for _ in range(limits.FRAMES_BURST + 200):
        await socket.say({"do": "ack", "frames": 0})

    assert await socket.closing_code() == limits.TOO_OFTEN


@pytest.mark.django_db(transaction=True)
async def test_too_many_topics_are_closed(world, open_socket, monkeypatch):
    monkeypatch.setattr(limits, "TOPICS_AT_MOST", 2)
    socket = await open_socket(world.people[STAFF])
    topics = [f"person:{world.people[STAFF].pk}", "directory", f"organisation:{world.alpha.pk}"]

    for topic in (topics[0], topics[0], topics[1], topics[2]):
        await socket.say({"do": "subscribe", "topic": topic})

    assert await socket.closing_code() == limits.TOO_MANY


def nonsense(dice, depth=0):
    """Something that JSON can say, or nearly."""
    kind = dice.randrange(9 if depth < 4 else 7)
    if kind < 3:
        return words(dice)[:300]
    if kind == 3:
        return dice.choice([0, 1, -1, 2**31, 2**63, -(2**63), 10**30, True, False, None])
    if kind == 4:
        return dice.choice([0.5, 1e308, -0.0])
    if kind in {5, 6}:
        return dice.choice(["subscribe", "directory", "room:1", "rights:1", "command", "k" * 20])
    if kind == 7:
        return [nonsense(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {words(dice)[:20]: nonsense(dice, depth + 1) for _ in range(dice.randrange(4))}


def frame_of(dice, *, name="unheard.of", topics=("directory",)):
    """A frame as it should be, with parts spoilt, left out or added."""
    key = "".join(dice.choice("abcdefgh") for _ in range(20))
    frames = [
        {"do": "subscribe", "topic": dice.choice(topics), "since": dice.randrange(9)},
        {"do": "unsubscribe", "topic": dice.choice(topics)},
        {"do": "ack", "topic": dice.choice(topics), "number": dice.randrange(9)},
        {"do": "typing", "topic": dice.choice(topics)},
        {"do": "command", "name": name, "key": key, "data": {"text": "Hello"}},
    ]
    frame = dice.choice(frames)
    for part in tuple(frame):
        if dice.random() < 0.25:
            frame[part] = nonsense(dice)
        elif dice.random() < 0.1:
            del frame[part]
    text = json.dumps(frame)
    return text[: dice.randrange(len(text))] if dice.random() < 0.1 else text


def test_random_frames_are_read_or_refused():
    """Check D2, the reading alone; over real sockets it is the drill `live`."""
    dice = random.Random("frames")
    outcomes = set()

    for _ in range(INPUTS * 10):
        try:
            outcomes.add(read(frame_of(dice))["do"])
        except Wrong as wrong:
            outcomes.add(wrong.code)

    assert outcomes == {
        "subscribe", "unsubscribe", "ack", "typing", "command", limits.UNREADABLE, limits.UNKNOWN
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
async def test_random_frames_over_a_socket_break_nothing(world, open_socket, caplog):
    dice = random.Random("sockets")
    staff = world.people[STAFF]
    topics = ("directory", f"organisation:{world.alpha.pk}", f"rights:{staff.pk}", "inbox:999", f"inbox:{staff.pk}")
    codes = []

    for _ in range(max(10, INPUTS // 100)):
        socket = await open_socket(staff)
        for _ in range(20):
            await socket.say(frame_of(dice, topics=topics))
        await socket.say("the end")
        codes.append(await socket.closing_code())
        await socket.leave()

    assert set(codes) <= {limits.UNREADABLE, limits.UNKNOWN, limits.TOO_LARGE}
    assert caplog.text == ""
