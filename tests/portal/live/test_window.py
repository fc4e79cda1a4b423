"""What is on its way and not acknowledged is limited, and who never reads harms nobody (M5, check G2 in short)."""

import asyncio
import json

import pytest

from portal.live import limits
from portal.live.frames import Frame
from portal.live.hub import Owner, Reader, hub
from portal.registry import LiveTopic, announced
from tests.architecture.world import DELEGATE, STAFF
from tests.portal.live.sockets import published

TOPIC = "room:1"


class Wire:
    """A server's `send`, which never says when its client has read something."""

    def __init__(self):
        self.sent = []

    async def __call__(self, message):
        self.sent.append(json.loads(message["text"]))


@pytest.fixture
async def writing():
    """A reader with its writer at work, and what went over the wire."""
    reader, wire = Reader(Owner(7), "key", "en"), Wire()
    task = asyncio.create_task(reader.write(wire))
    yield reader, wire
    task.cancel()


def event(number, size=0, topic=TOPIC):
    return Frame({"topic": topic, "number": number, "html": "x" * size}, topic=topic, number=number)


async def settled():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_than_the_window_is_sent_and_the_rest_when_it_is_acknowledged(writing):
    reader, wire = writing
    for number in range(1, 401):
        reader.put(event(number))
    await settled()
    assert [frame["number"] for frame in wire.sent] == list(range(1, limits.WINDOW_FRAMES + 1))

    reader.acknowledge(topic=TOPIC, number=100)
    await settled()
    assert len(wire.sent) == limits.WINDOW_FRAMES + 100

    reader.acknowledge(frames=356)
    await settled()
    assert [frame["number"] for frame in wire.sent] == list(range(1, 401))


async def test_no_more_than_a_mebibyte_is_sent(writing):
    reader, wire = writing
    for number in range(1, 21):
        reader.put(event(number, size=100_000))
    await settled()

    assert len(wire.sent) == limits.WINDOW_BYTES // 100_100 == 10
    reader.acknowledge(frames=10)
    await settled()
    assert len(wire.sent) == 20


async def test_one_frame_larger_than_the_window_is_sent_alone(writing):
    reader, wire = writing
    reader.put(event(1, size=limits.WINDOW_BYTES + 1))
    reader.put(event(2))
    await settled()

    assert [frame["number"] for frame in wire.sent] == [1]


@pytest.mark.parametrize(
    "said", [{"topic": "room:2", "number": 900}, {"topic": TOPIC, "number": 0}, {"frames": 0}], ids=str
)
async def test_what_was_not_sent_cannot_be_acknowledged(said, writing):
    reader, wire = writing
    for number in range(1, 301):
        reader.put(event(number))
    await settled()

    reader.acknowledge(**said)
    await settled()

    assert len(wire.sent) == limits.WINDOW_FRAMES


async def test_acknowledging_more_than_was_sent_opens_the_window_no_further(writing):
    reader, wire = writing
    for number in range(1, 1001):
        reader.put(event(number))
    await settled()

    reader.acknowledge(frames=10**9)
    await settled()

    assert len(wire.sent) == 2 * limits.WINDOW_FRAMES
    assert reader.acknowledged == limits.WINDOW_FRAMES


async def test_a_window_that_does_not_move_is_closed_after_a_while(writing):
    reader, _wire = writing
    for number in range(1, 301):
        reader.put(event(number))
    await settled()

    for _second in range(limits.PATIENCE_SECONDS):
        assert reader.closing is None
        reader.look_at_the_clock()
    reader.look_at_the_clock()
    assert reader.closing == limits.TRY_AGAIN_LATER


async def test_a_slow_one_that_moves_is_not(writing):
    reader, _wire = writing
    for number in range(1, 1001):
        reader.put(event(number))

    for second in range(3 * limits.PATIENCE_SECONDS):
        await settled()
        reader.look_at_the_clock()
        if second % 7 == 0:
            reader.acknowledge(frames=reader.acknowledged + 32)

    assert reader.closing is None


async def test_a_silent_one_stays(writing):
    """Check F7: with nothing to send there is nothing to acknowledge."""
    reader, _wire = writing
    reader.put(event(1))

    for _second in range(1000):
        await settled()
        reader.look_at_the_clock()

    assert reader.closing is None


async def test_who_is_too_far_behind_is_closed_at_once(writing):
    reader, _wire = writing
    for number in range(1, 5000):
        reader.put(event(number))

    assert reader.closing == limits.TRY_AGAIN_LATER
    assert len(reader.queue) == 0


async def test_of_what_may_be_late_only_the_latest_is_sent(writing):
    reader, wire = writing
    for number in range(1, 301):
        reader.put(event(number))
    await settled()
    for count in range(50):
        reader.put_latest(Frame({"topic": TOPIC, "count": count}, topic=TOPIC), "seats")
        reader.put_if_idle(Frame({"topic": TOPIC, "typing": count}, topic=TOPIC))

    reader.acknowledge(frames=200)
    await settled()

    assert wire.sent[300:] == [{"topic": TOPIC, "count": 49}]


async def test_closing_says_nothing_but_the_last_word(writing):
    reader, wire = writing
    for number in range(1, 301):
        reader.put(event(number))
    await settled()

    reader.close_after(Frame({"error": "no"}), limits.UNKNOWN)
    await settled()

    assert wire.sent[limits.WINDOW_FRAMES :] == [{"error": "no"}]
    assert reader.closing == limits.UNKNOWN


@pytest.mark.django_db(transaction=True)
async def test_who_never_acknowledges_is_closed_and_the_others_hear_everything(
    world, open_socket, announce_for_now, monkeypatch
):
    announce_for_now(announced.live_topics, LiveTopic(name="room", may_subscribe=lambda _person, _key: True))
    monkeypatch.setattr(limits, "PATIENCE_SECONDS", 2)
    deaf, good = await open_socket(world.people[STAFF]), await open_socket(world.people[DELEGATE])
    for socket in (deaf, good):
        await socket.subscribe(TOPIC, 0)
        await socket.say({"do": "ack", "frames": 1})

    heard = []
    for number in range(300):
        hub.hear({"type": "live.event", "topic": TOPIC, "number": number + 1, "kind": "thing.changed", "data": {}})
        heard.append((await good.hear())["number"])
        if len(heard) % 64 == 0:
            await good.say({"do": "ack", "topic": TOPIC, "number": heard[-1]})

    assert heard == list(range(1, 301))
    assert deaf.outbox.qsize() == limits.WINDOW_FRAMES
    assert await deaf.closing_code() == limits.TRY_AGAIN_LATER
    assert await published(TOPIC)
