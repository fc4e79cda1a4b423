"""The whole on real servers: daphne and uvicorn side by side on one database, with Redis between."""

import asyncio
import json
import statistics
import time
from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from portal.accounts.models import User
from portal.live import limits
from portal.live.models import Event
from portal.live.sending import carrier
from portal.live.services import publish
from tests.architecture.world import ADMINISTRATOR, DELEGATE, STAFF
from tests.portal.live.servers import environment, serving_each
from tests.portal.live.sockets import cookie_of, in_thread
from tests.portal.live.tab import Tab
from tests.redis import NO_REDIS, redis_server, running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(redis_server() is None, reason=NO_REDIS),
]

TOPIC = "stage:1"


@pytest.fixture(scope="module")
def redis():
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def webs(redis, django_db_setup, django_db_blocker, tmp_path_factory):
    """A web process of each kind."""
    directory = tmp_path_factory.mktemp("web")
    with (
        django_db_blocker.unblock(),
        serving_each(["daphne", "uvicorn"], directory, environment(directory, redis.url)) as webs,
    ):
        yield webs


@pytest.fixture
async def open_tab(world, webs):
    """Opens tabs of people at a web process; closes them at the end."""
    opened = []

    async def opening(role, place, **more):
        cookie = await in_thread(cookie_of)(world.people[role])
        tab = Tab(webs[place].socket_address, cookie, TOPIC, **more)
        opened.append(tab)
        assert await tab.until(lambda tab: tab.ready.is_set())
        return tab

    yield opening
    for tab in opened:
        await tab.close()


def written():
    return list(Event.objects.filter(topic__name=TOPIC).order_by("number").values_list("number", flat=True))


async def everybody_heard(tabs, number, seconds=20):
    """In order, each once, up to this number."""
    reached = [await tab.until(lambda tab: tab.last >= number, seconds) for tab in tabs]
    assert all(reached), [tab.last for tab in tabs]
    assert [tab.heard for tab in tabs] == [list(range(1, tab.last + 1)) for tab in tabs]


async def test_what_one_writes_on_one_process_others_hear_on_both(open_tab):
    writer, here, there = await open_tab(STAFF, 0), await open_tab(DELEGATE, 0), await open_tab(DELEGATE, 1)

    for place in range(20):
        await writer.send("line.write", stage=1, id=place)

    await everybody_heard([writer, here, there], 20)
    assert await writer.until(lambda tab: len(tab.answers) == 20)
    assert there.opened == 1


@pytest.fixture
def _speaking(redis, settings):
    """This process, which has no sockets, speaks to the others as the worker does, or a page under WSGI."""
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis.url]}}
    }
    yield
    carrier.close()


@pytest.mark.usefixtures("_speaking")
async def test_who_publishes_without_a_hub_is_heard_at_once(open_tab):
    tabs = [await open_tab(STAFF, 0), await open_tab(STAFF, 1)]
    times = []

    for number in range(1, 8):
        began = time.monotonic()
        await in_thread(publish)(TOPIC, kind="thing.changed")
        await everybody_heard(tabs, number, 5)
        times.append(time.monotonic() - began)

    assert statistics.median(times) < 0.5  # without the message they are found in the rows, every three seconds


async def test_what_nobody_said_is_found_in_the_rows(open_tab):
    """This process publishes to itself alone: to the others it is as if the message were lost (M2)."""
    tabs = [await open_tab(STAFF, 0), await open_tab(STAFF, 1)]

    for _ in range(5):
        await in_thread(publish)(TOPIC, kind="thing.changed")

    await everybody_heard(tabs, 5, 5)


async def test_a_burst_in_one_request_reaches_everybody(open_tab):
    """Check F5, short: 400 events at once to 12 sockets; more than a window holds."""
    tabs = [await open_tab(role, place) for role in (STAFF, DELEGATE, ADMINISTRATOR) for place in (0, 1, 0, 1)]

    await tabs[0].send("line.write", stage=1, count=400)

    await everybody_heard(tabs, 400)
    assert {tab.opened for tab in tabs} == {1}


async def test_redis_dies_and_comes_back(open_tab, redis):
    """Check F4, short: writing goes on, nobody is closed, and what was written is there within five seconds (M3)."""
    writer, other = await open_tab(STAFF, 0), await open_tab(DELEGATE, 1)
    await writer.send("line.write", stage=1)
    await everybody_heard([writer, other], 1)

    redis.kill()
    began = time.monotonic()
    for _ in range(5):
        await writer.send("line.write", stage=1)
    assert await writer.until(lambda tab: len(tab.answers) == 6)
    assert time.monotonic() - began < 3
    assert all("done" in answer for answer in writer.answers.values())
    redis.start()
    await everybody_heard([writer, other], 6, 5)

    times = []
    for number in range(7, 20):
        began = time.monotonic()
        await writer.send("line.write", stage=1)
        await everybody_heard([writer, other], number, 5)
        times.append(time.monotonic() - began)
        await asyncio.sleep(0.2)
    assert min(times) < 0.3  # over Redis again, not from the rows
    assert (writer.opened, other.opened) == (1, 1)
    assert await in_thread(written)() == list(range(1, 20))


async def test_redis_hangs(open_tab, redis):
    """It takes connections and says nothing: writing goes on all the same."""
    writer, other = await open_tab(STAFF, 0), await open_tab(DELEGATE, 1)
    redis.pause(on=True)
    try:
        for _ in range(3):
            await writer.send("line.write", stage=1)
        assert await writer.until(lambda tab: len(tab.answers) == 3, 5)
        await everybody_heard([writer, other], 3, 8)
    finally:
        redis.pause(on=False)


async def test_an_idle_socket_stays(open_tab):
    """Check F7, short: with redis-py 8 and the other layer it was closed after 5.1 seconds (M1)."""
    tabs = [await open_tab(STAFF, 0), await open_tab(STAFF, 1)]

    await asyncio.sleep(6)
    await tabs[0].send("line.write", stage=1)

    await everybody_heard(tabs, 1, 5)
    assert [tab.codes for tab in tabs] == [[], []]


@pytest.mark.usefixtures("_speaking")
async def test_the_right_ends_in_both_processes_at_once(open_tab, world):
    tabs = [await open_tab(STAFF, 0), await open_tab(STAFF, 1)]

    def end():
        with transaction.atomic():
            User.objects.filter(pk=world.people[STAFF].pk).update(western_digits=True)
            publish(f"rights:{world.people[STAFF].pk}", kind="rights.changed")
            publish(TOPIC, kind="thing.changed")

    await in_thread(end)()

    for tab in tabs:
        assert await tab.until(lambda tab: any("gone" in frame for frame in tab.other), 5)
        assert tab.heard == []


@pytest.mark.usefixtures("_speaking")
async def test_the_session_ends_in_both_processes_at_once(open_tab):
    tabs, other = [await open_tab(STAFF, 0), await open_tab(STAFF, 1)], await open_tab(DELEGATE, 1)

    def end():
        with transaction.atomic():
            for session in Session.objects.all():
                if int(session.get_decoded()["_auth_user_id"]) == staff:
                    session.delete()
            publish(f"rights:{staff}", kind="session.ended")

    staff = await in_thread(lambda: User.objects.get(name="Sam Staff").pk)()
    began = time.monotonic()
    await in_thread(end)()

    for tab in tabs:
        assert await tab.until(lambda tab: tab.codes == [4001], 5)
    assert time.monotonic() - began < 2
    assert other.codes == []


async def test_who_never_acknowledges_harms_nobody(open_tab, webs, world):
    """Check G2, short: sockets that acknowledge nothing while others are told much; see the drill for the memory."""
    good = await open_tab(STAFF, 0)
    cookie = await in_thread(cookie_of)(world.people[DELEGATE])
    deaf = [asyncio.create_task(taken_in_silence(web, cookie)) for web in webs for _ in range(3)]
    await asyncio.sleep(0.5)

    while not all(task.done() for task in deaf):
        await good.send("line.write", stage=1, count=500, kind="thing.changed")
        assert await good.until(lambda tab: not tab.outbox)

    await everybody_heard([good], len(await in_thread(written)()))
    assert good.opened == 1
    for task in deaf:
        frames, code = await task
        assert (code, frames) == (1013, limits.WINDOW_FRAMES)


async def taken_in_silence(web, cookie):
    """How many frames come to who never acknowledges, and the closing code."""
    frames, headers = 0, {"Cookie": cookie}
    async with connect(web.socket_address, origin="http://localhost", additional_headers=headers) as socket:
        await socket.send(json.dumps({"do": "subscribe", "topic": TOPIC, "since": 0}))
        with suppress(ConnectionClosed):
            while await socket.recv():
                frames += 1
    return frames, socket.close_code
