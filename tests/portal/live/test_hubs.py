"""Several hubs with a real Redis between: what they tell each other, and what is left of one that dies."""

import asyncio
import json

import pytest
from django.core.cache import cache

from portal.accounts.models import User
from portal.live import limits, presence
from portal.live.fragments import Told
from portal.live.hub import Hub, here
from portal.live.models import Event, Topic
from portal.registry import LiveTopic, announced
from tests.architecture.world import ADMINISTRATOR, DELEGATE, OTHER, STAFF
from tests.portal.live.sockets import cookie_of, in_thread
from tests.redis import NO_REDIS, redis_server, running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(redis_server() is None, reason=NO_REDIS),
]

TOPIC = "room:1"


@pytest.fixture(scope="module")
def redis():
    with running() as started:
        yield started


@pytest.fixture
def _layer(redis, settings):
    """The layer and the cache of several processes."""
    redis.say("FLUSHALL")
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis.url]}}
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis.url}}


class Ear:
    """A socket of a hub, and what it hears."""

    def __init__(self, hub, reader):
        self.hub, self.reader, self.heard = hub, reader, []
        self.task = asyncio.create_task(reader.write(self.send))

    async def send(self, message):
        self.heard.append(json.loads(message["text"]))

    async def of(self, kind, count=1, seconds=5):
        """The latest of a kind, once there are so many."""
        deadline = asyncio.get_running_loop().time() + seconds
        while len(found := [frame for frame in self.heard if frame.get("kind") == kind]) < count:
            if asyncio.get_running_loop().time() > deadline:
                return None
            await asyncio.sleep(0.01)
        self.heard.clear()
        return found[-1]

    async def leave(self):
        self.task.cancel()
        self.hub.leave(self.reader)


@pytest.fixture
async def hubs(_layer, world, announce_for_now):
    """Two hubs, as in two processes."""
    announce_for_now(
        announced.live_topics,
        LiveTopic(name="room", may_subscribe=lambda _person, _key: True, present=lambda *_of: "<p></p>"),
    )
    seen = [world.people[role].pk for role in (STAFF, ADMINISTRATOR)]
    await in_thread(lambda: User.objects.filter(pk__in=seen).update(presence_visible=True))()
    made = [Hub(), Hub()]
    yield made
    for hub in made:
        for task in [*hub.tasks, *hub.passing]:
            task.cancel()


async def listening(hub, person, topic=TOPIC):
    cookie = await in_thread(cookie_of)(person)
    ear = Ear(hub, await hub.enter(person.pk, cookie.partition("=")[2]))
    assert await hub.subscribe(ear.reader, topic, 0)
    return ear


async def test_company_is_that_of_all_hubs(hubs, world):
    staff, administrator = world.people[STAFF], world.people[ADMINISTRATOR]
    one = await listening(hubs[0], staff)
    assert (await one.of("present"))["data"] == {"ids": [staff.pk], "count": 1}

    two = await listening(hubs[1], administrator)

    both = {"ids": sorted([staff.pk, administrator.pk]), "count": 2}
    assert (await one.of("present"))["data"] == both
    while (seen := await two.of("present"))["data"] != both:
        assert seen  # first only who is here, then who is elsewhere
    await two.leave()
    assert (await one.of("present"))["data"] == {"ids": [staff.pk], "count": 1}


async def test_of_a_killed_hub_nobody_is_left(hubs, world, monkeypatch):
    one = await listening(hubs[0], world.people[STAFF])
    await listening(hubs[1], world.people[ADMINISTRATOR])
    while (await one.of("present"))["data"]["count"] != 2:
        pass

    for task in hubs[1].tasks:
        task.cancel()  # it says nothing more
    monkeypatch.setattr(limits, "SILENT_SECONDS", 0.2)
    await asyncio.sleep(0.3)
    hubs[0].company.pulse()

    assert (await one.of("present"))["data"] == {"ids": [world.people[STAFF].pk], "count": 1}


async def test_a_living_hub_is_not_buried(hubs, world, monkeypatch):
    one = await listening(hubs[0], world.people[STAFF])
    await listening(hubs[1], world.people[ADMINISTRATOR])
    while (await one.of("present"))["data"]["count"] != 2:
        pass
    monkeypatch.setattr(limits, "SILENT_SECONDS", 0.5)

    for _ in range(5):
        for hub in hubs:
            hub.company.pulse()
        await asyncio.sleep(0.2)

    assert await one.of("present", seconds=0.1) is None


async def test_typing_is_heard_in_other_processes(hubs, world):
    one, two = await listening(hubs[0], world.people[STAFF]), await listening(hubs[1], world.people[DELEGATE])
    while world.people[STAFF].pk not in (await two.of("present"))["data"]["ids"]:
        pass  # who types is told to those who know that they are there

    hubs[0].typing.typing(one.reader, TOPIC)

    assert (await two.of("typing"))["data"] == {"person": world.people[STAFF].pk, "name": "Sam Staff"}
    assert await one.of("typing", seconds=0.2) is None


async def test_who_has_a_page_open_elsewhere_has_not_gone(hubs, world, monkeypatch):
    monkeypatch.setattr(presence, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(here, "ANSWER_SECONDS", 0.3)
    staff, topic = world.people[STAFF], f"person:{world.people[STAFF].pk}"
    watcher = await listening(hubs[0], world.people[OTHER], topic)
    assert (await watcher.of("presence"))["data"] == {"state": "offline"}
    one, two = await listening(hubs[0], staff), await listening(hubs[1], staff)
    assert (await watcher.of("presence"))["data"] == {"state": "here"}

    await one.leave()
    assert await watcher.of("presence", seconds=0.8) is None
    assert presence.present([staff.pk]) == {staff.pk}

    await two.leave()
    assert (await watcher.of("presence"))["data"] == {"state": "offline"}
    assert presence.present([staff.pk]) == set()


async def test_of_a_killed_process_people_fade(hubs, world, redis):
    staff, topic = world.people[STAFF], f"person:{world.people[STAFF].pk}"
    watcher = await listening(hubs[0], world.people[OTHER], topic)
    await listening(hubs[1], staff)
    while (await watcher.of("presence"))["data"] != {"state": "here"}:
        pass

    for task in hubs[1].tasks:
        task.cancel()
    await in_thread(cache.clear)()  # as after LIFE_SECONDS
    await hubs[0].here.refresh()

    assert (await watcher.of("presence"))["data"] == {"state": "offline"}


async def test_rights_that_end_in_one_process_end_in_all(hubs, world):
    one, two = await listening(hubs[0], world.people[STAFF]), await listening(hubs[1], world.people[STAFF])
    await in_thread(lambda: User.objects.filter(pk=world.people[STAFF].pk).update(is_active=False))()

    topic = f"rights:{world.people[STAFF].pk}"
    message = {"type": "live.event", "topic": topic, "number": 1, "kind": "rights.changed", "data": {}}
    hubs[0].hear(message)
    hubs[0].ears.tell(topic, message)

    for ear in (one, two):
        assert await asyncio.wait_for(ear.task, 2) == limits.SESSION_ENDED


async def test_while_redis_is_away_readers_live_from_the_rows_and_afterwards_from_it(hubs, world, redis, caplog):
    """M3: sockets stay, messages are lost, nothing says so."""
    ear = await listening(hubs[0], world.people[STAFF])
    room = hubs[0].rooms[TOPIC]

    def row(number):
        topic, _created = Topic.objects.get_or_create(name=TOPIC)
        Event.objects.create(topic=topic, number=number, kind="thing.changed")
        Topic.objects.filter(pk=topic.pk).update(head=number)

    redis.kill()
    late = await listening(hubs[0], world.people[DELEGATE], "room:2")  # a topic that cannot be joined now
    await in_thread(row)(1)
    await hubs[0].compare()
    assert await ear.of("thing.changed")
    redis.start()

    deadline = asyncio.get_running_loop().time() + 5
    heard = {TOPIC: False, "room:2": False}
    while not all(heard.values()):
        assert asyncio.get_running_loop().time() < deadline, heard
        hubs[0].ears.join_missing()
        for topic, one, last in ((TOPIC, ear, room.last), ("room:2", late, hubs[0].rooms["room:2"].last)):
            told = Told("thing.changed", {}, last + 1)
            message = {"type": "live.event", "topic": topic, "number": told.number, "kind": told.kind, "data": {}}
            hubs[1].ears.tell(topic, message)
            heard[topic] = heard[topic] or bool(await one.of("thing.changed", seconds=0.3))
