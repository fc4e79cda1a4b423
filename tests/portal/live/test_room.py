"""A room passes on the event after the last one and no other (M2): hints are lost, overtaken, doubled."""

import asyncio

import pytest
from django.db import transaction

from portal.live import limits
from portal.live.hub import hub, room
from portal.live.models import Event, Topic
from portal.live.services import publish
from portal.registry import LiveTopic, announced
from tests.architecture.world import DELEGATE, STAFF
from tests.portal.live.sockets import PATIENCE, in_thread, published

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "room:1"


@pytest.fixture(autouse=True)
def _topic(announce_for_now):
    announce_for_now(announced.live_topics, LiveTopic(name="room", may_subscribe=lambda _person, _key: True))


def rows(first, last, topic=TOPIC):
    """Events whose hints were lost: rows, and nobody told."""
    row, _created = Topic.objects.get_or_create(name=topic)
    Event.objects.bulk_create(
        Event(topic=row, number=number, kind="thing.changed", payload={"n": number})
        for number in range(first, last + 1)
    )
    Topic.objects.filter(pk=row.pk).update(head=last)


def hint(number, topic=TOPIC):
    hub.hear({"type": "live.event", "topic": topic, "number": number, "kind": "thing.changed", "data": {"n": number}})


async def numbers(socket, count):
    return [(await socket.news())["number"] for _ in range(count)]


async def test_lost_hints_are_read_from_the_rows_when_the_next_one_comes(world, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    await in_thread(rows)(1, 8)
    hint(8)

    assert await numbers(socket, 8) == list(range(1, 9))
    assert await socket.is_quiet()


async def test_lost_hints_are_found_without_another_one(world, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    await in_thread(rows)(1, 3)
    await hub.compare()

    assert await numbers(socket, 3) == [1, 2, 3]


async def test_overtaken_and_doubled_hints_come_in_order_and_once(world, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    await in_thread(rows)(1, 6)
    for number in (2, 2, 1, 1, 4, 6, 5, 3, 6, 1):
        hint(number)

    assert await numbers(socket, 6) == [1, 2, 3, 4, 5, 6]
    assert await socket.is_quiet()


async def test_the_rows_are_read_once_for_all_readers(world, open_socket, monkeypatch):
    sockets = [await open_socket(world.people[role]) for role in (STAFF, DELEGATE) for _ in range(3)]
    for socket in sockets:
        await socket.subscribe(TOPIC, 0)
    usual, asked = room.missed, []

    def counted(topic, since):
        asked.append(since)
        return usual(topic, since)

    monkeypatch.setattr(room, "missed", counted)

    await in_thread(rows)(1, 40)
    hint(40)

    assert [await numbers(socket, 40) for socket in sockets] == [list(range(1, 41))] * 6
    assert asked == [0]


async def test_too_many_lost_at_once_are_fetched_afresh(world, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    await in_thread(rows)(1, limits.REPLAY_AT_MOST + 2)
    hint(limits.REPLAY_AT_MOST + 2)

    assert await socket.news() == {"topic": TOPIC, "resync": True}
    await published(TOPIC)
    assert await numbers(socket, 1) == [limits.REPLAY_AT_MOST + 3]


async def until(condition):
    """Wait for it, as long as it takes on this machine."""
    for _ in range(50 * PATIENCE):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


async def test_a_hint_without_a_row_stops_nothing(world, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)
    here = hub.rooms[TOPIC]

    hint(7)
    assert here.busy
    await until(lambda: not here.busy)  # it looked for the row, and there was none
    await published(TOPIC)

    assert await numbers(socket, 1) == [1]


async def test_the_database_is_an_older_copy(world, open_socket):
    """Brought back from an archive under running processes: the numbers begin again below what pages know."""
    await in_thread(rows)(1, 9)
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 9)

    def back():
        Event.objects.filter(number__gt=4).delete()
        Topic.objects.filter(name=TOPIC).update(head=4)

    await in_thread(back)()
    await hub.compare()
    assert await socket.news() == {"topic": TOPIC, "resync": True}

    await published(TOPIC)
    assert await numbers(socket, 1) == [5]


async def test_who_comes_in_the_middle_misses_nothing_and_hears_nothing_twice(world, open_socket):
    """Each subscribes when some of ten events are out and the others are not."""
    heard = {}
    for place in range(6):
        socket, begun = await open_socket(world.people[STAFF]), asyncio.Event()
        publishing = asyncio.create_task(publish_for_a_while(10, begun))
        await begun.wait()
        heard[place] = socket, await socket.subscribe(TOPIC, 0)
        last = await publishing

    for socket, found in heard.values():
        while max(frame.get("number", 0) for frame in found) < last:
            found.append(await socket.news())
        assert [frame["number"] for frame in found if "number" in frame] == list(range(1, last + 1))
        assert await socket.is_quiet(0.1)


async def publish_for_a_while(count, begun):
    for _ in range(count):
        number = await published(TOPIC)
        begun.set()
    return number


async def test_the_database_may_be_away_for_a_while(world, open_socket, monkeypatch, caplog):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)
    usual, tries = room.missed, []

    def away_at_first(*asked):
        tries.append(asked)
        if len(tries) == 1:
            raise ConnectionError("the database is away")
        return usual(*asked)

    monkeypatch.setattr(room, "missed", away_at_first)
    await in_thread(rows)(1, 3)
    hint(3)

    assert await numbers(socket, 3) == [1, 2, 3]
    assert "they are looked for again" in caplog.text


async def test_a_thousand_events_in_one_request_reach_two_hundred_readers(world, open_socket):
    """Check F5, short: 300 in one transaction, 20 sockets that acknowledge as pages do."""
    sockets = [await open_socket(world.people[STAFF]) for _ in range(20)]
    for socket in sockets:
        await socket.subscribe(TOPIC, 0)

    def burst():
        with transaction.atomic():
            for number in range(300):
                publish(TOPIC, kind="thing.changed", payload={"n": number})

    await in_thread(burst)()

    async def everything(socket):
        found = []
        while len(found) < 300:
            found.append((await socket.news())["number"])
            if len(found) % 64 == 0:
                await socket.say({"do": "ack", "topic": TOPIC, "number": found[-1]})
        return found

    assert await asyncio.gather(*map(everything, sockets)) == [list(range(1, 301))] * 20
