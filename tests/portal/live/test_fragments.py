"""What events look like: rendered once for each language and audience, never for one reader, as the thing is now."""

import asyncio

import pytest
from django.utils.translation import get_language

from portal.live.services import announce
from portal.registry import LiveFragment, LiveTopic, announced
from tests.architecture.world import ADMINISTRATOR, DELEGATE, OTHER, SECRETARIAT, STAFF
from tests.portal.live.sockets import in_thread, published

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "room:1"


class Renderer:
    """Shows what it was asked for, and counts."""

    def __init__(self):
        self.calls = []
        self.gone = set()
        self.broken = False

    def __call__(self, key, payload, language, audience):
        assert get_language() == language
        self.calls.append((key, dict(payload), language, audience))
        if self.broken:
            raise ValueError("a template that does not exist")
        return {} if payload["id"] in self.gone else {"line": f"<p>{payload['id']} {language} {audience}</p>"}


@pytest.fixture
def renderer(announce_for_now):
    render = Renderer()
    topic = LiveTopic(
        name="room",
        may_subscribe=lambda _person, key: key == "1",
        audience=lambda person, _key: "facilitator" if person.name == "Ada Ministrator" else "member",
    )
    announce_for_now(announced.live_topics, topic)
    announce_for_now(announced.live_fragments, LiveFragment(name="message.created", render=render))
    return render


async def test_once_for_each_language_and_audience(world, renderer, open_socket):
    world.people[OTHER].language = "ar"
    await in_thread(world.people[OTHER].save)()
    roles = (STAFF, DELEGATE, SECRETARIAT, ADMINISTRATOR, OTHER)
    sockets = [await open_socket(world.people[role]) for role in roles]
    for socket in sockets:
        await socket.subscribe(TOPIC, 0)

    await published(TOPIC, "message.created", id=5)
    heard = [(await socket.hear())["html"]["line"] for socket in sockets]

    member = "<p>5 en member</p>"
    assert heard == [member, member, member, "<p>5 en facilitator</p>", "<p>5 ar member</p>"]
    assert sorted(call[2:] for call in renderer.calls) == [("ar", "member"), ("en", "facilitator"), ("en", "member")]


async def test_a_replay_shows_the_thing_as_it_is_now(world, renderer, open_socket):
    await published(TOPIC, "message.created", id=5)
    await published(TOPIC, "message.created", id=6)
    renderer.gone.add(5)
    socket = await open_socket(world.people[STAFF])

    gone, there, _head = await socket.subscribe(TOPIC, 0)

    assert (gone["number"], gone["html"]) == (1, {})
    assert (there["number"], there["html"]) == (2, {"line": "<p>6 en member</p>"})


async def test_events_stay_in_order_beside_those_without_html(world, renderer, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    for number in range(20):
        await published(TOPIC, "message.created" if number % 2 else "message.read", id=number)

    frames = await socket.frames(20)
    assert [frame["number"] for frame in frames] == list(range(1, 21))
    assert [("html" in frame) for frame in frames] == [False, True] * 10


async def test_what_cannot_be_shown_has_the_page_fetch_itself(world, renderer, open_socket, caplog):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)
    renderer.broken = True

    await published(TOPIC, "message.created", id=1)

    frame = await socket.hear()
    assert (frame["number"], frame["resync"]) == (1, True)
    assert "html" not in frame
    assert "could not be shown" in caplog.text


async def test_announcements_are_few_and_the_latest_comes_last(world, renderer, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    def counting():
        for count in range(200):
            announce(TOPIC, kind="seats", data={"left": count})
            announce(TOPIC, kind="votes", data={"cast": count})

    await in_thread(counting)()
    await asyncio.sleep(1)

    heard = []
    while not socket.outbox.empty():
        heard.append(await socket.hear())
    assert [frame for frame in heard if "number" in frame] == []
    for kind, last in (("seats", {"left": 199}), ("votes", {"cast": 199})):
        of_kind = [frame["data"] for frame in heard if frame["kind"] == kind]
        assert of_kind[-1] == last
        assert len(of_kind) <= 5


async def test_an_announcement_may_be_html(world, renderer, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    await in_thread(announce)(TOPIC, kind="message.created", data={"id": 9})

    assert await socket.hear() == {
        "topic": TOPIC, "kind": "message.created", "data": {"id": 9}, "html": {"line": "<p>9 en member</p>"}
    }  # fmt: skip
