"""The socket against the real application: who may listen, replay without loss or doubling, rights lost, presence."""

import asyncio
import json

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client

from memberships.people.models import Affiliation
from portal.asgi import application
from portal.live import presence
from portal.live.hub import SESSION_ENDED, hub
from portal.live.models import Topic
from portal.live.services import publish
from tests.architecture.world import ADMINISTRATOR, AT_RISK, GUEST, OTHER, STAFF, make_world

pytestmark = pytest.mark.django_db(transaction=True)

in_thread = database_sync_to_async


def _cookie(person):
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def open_socket(person, origin=b"http://testserver"):
    headers = [(b"host", b"testserver"), (b"origin", origin)]
    if person is not None:
        cookie = await in_thread(_cookie)(person)
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    socket = WebsocketCommunicator(application, "/live/", headers=headers)
    connected, _code = await socket.connect(timeout=5)
    return socket, connected


async def frames(socket, count):
    return [json.loads(await socket.receive_from(timeout=5)) for _ in range(count)]


@pytest.fixture
def world():
    return make_world()


async def test_nobody_anonymous_and_no_foreign_origin_is_let_in(world):
    _socket, anonymous = await open_socket(None)
    _socket, foreign = await open_socket(world.people[STAFF], origin=b"http://elsewhere.example")

    assert (anonymous, foreign) == (False, False)


async def test_an_event_reaches_who_listens(world):
    socket, _ = await open_socket(world.people[STAFF])
    await socket.send_json_to({"do": "subscribe", "topic": f"organisation:{world.alpha.pk}", "since": 0})
    await asyncio.sleep(0.3)

    await in_thread(publish)(f"organisation:{world.alpha.pk}", kind="organisation.updated")

    assert await frames(socket, 1) == [
        {"topic": f"organisation:{world.alpha.pk}", "number": 1, "kind": "organisation.updated", "data": {}}
    ]
    await socket.disconnect()


async def test_what_was_missed_is_replayed_in_order_and_once(world):
    topic = f"organisation:{world.alpha.pk}"
    for _ in range(5):
        await in_thread(publish)(topic, kind="organisation.updated")
    socket, _ = await open_socket(world.people[STAFF])

    await socket.send_json_to({"do": "subscribe", "topic": topic, "since": 2})

    assert [frame["number"] for frame in await frames(socket, 3)] == [3, 4, 5]
    assert await socket.receive_nothing()
    await socket.disconnect()


async def test_too_far_behind_is_told_to_fetch_afresh(world):
    topic = f"organisation:{world.alpha.pk}"
    await in_thread(publish)(topic, kind="organisation.updated")
    await in_thread(lambda: Topic.objects.filter(name=topic).update(head=900))()
    socket, _ = await open_socket(world.people[STAFF])

    await socket.send_json_to({"do": "subscribe", "topic": topic, "since": 1})

    assert await frames(socket, 1) == [{"topic": topic, "resync": True}]
    await socket.disconnect()


async def test_a_rolled_back_write_publishes_nothing(world):
    topic = f"organisation:{world.alpha.pk}"
    socket, _ = await open_socket(world.people[STAFF])
    await socket.send_json_to({"do": "subscribe", "topic": topic, "since": 0})
    await asyncio.sleep(0.3)

    def write_and_fail():
        with transaction.atomic():
            publish(topic, kind="organisation.updated")
            transaction.set_rollback(True)

    await in_thread(write_and_fail)()

    assert await socket.receive_nothing(timeout=0.5)
    await socket.disconnect()


@pytest.mark.parametrize(
    "topic", ["directory", "organisation:{alpha}", "organisation:999999", "nothing:1", "rights:{staff}"]
)
async def test_what_a_guest_may_not_read_and_what_is_not_there_are_answered_alike(topic, world):
    topic = topic.format(alpha=world.alpha.pk, staff=world.people[STAFF].pk)
    socket, _ = await open_socket(world.people[GUEST])

    await socket.send_json_to({"do": "subscribe", "topic": topic, "since": 0})

    assert await frames(socket, 1) == [{"topic": topic, "gone": "This is no longer here for you."}]
    await socket.disconnect()


async def test_a_person_of_an_organisation_at_risk_is_not_there_for_others(world):
    socket, _ = await open_socket(world.people[OTHER])
    topic = f"person:{world.people[AT_RISK].pk}"

    await socket.send_json_to({"do": "subscribe", "topic": topic})

    assert (await frames(socket, 1))[0]["gone"]
    await socket.disconnect()


async def test_losing_the_right_drops_the_subscription_at_once(world):
    topic = f"organisation:{world.alpha.pk}"
    socket, _ = await open_socket(world.people[STAFF])
    await socket.send_json_to({"do": "subscribe", "topic": topic, "since": 0})
    await asyncio.sleep(0.3)

    def end():
        with transaction.atomic():
            Affiliation.objects.filter(person=world.people[STAFF]).update(
                until="2026-01-01T00:00Z", since="2025-01-01T00:00Z"
            )
            publish(f"rights:{world.people[STAFF].pk}", kind="rights.changed")

    await in_thread(end)()
    assert (await frames(socket, 1))[0] == {"topic": topic, "gone": ""}

    await in_thread(publish)(topic, kind="organisation.updated")
    assert await socket.receive_nothing(timeout=0.5)
    await socket.disconnect()


async def test_a_socket_of_an_ended_session_is_closed_by_the_heartbeat(world):
    person = world.people[STAFF]
    socket, _ = await open_socket(person)

    await in_thread(Session.objects.all().delete)()
    await hub.beat()

    closing = await socket.receive_output(timeout=5)
    assert (closing["type"], closing["code"]) == ("websocket.close", SESSION_ENDED)
    await socket.disconnect()


async def test_a_socket_that_opens_while_its_session_ends_is_closed(world, monkeypatch):
    """Signed out after the handshake had read the session and before the hub knew of the socket."""
    join = hub.join

    async def late(reader):
        await in_thread(Session.objects.all().delete)()
        await join(reader)

    monkeypatch.setattr(hub, "join", late)

    socket, connected = await open_socket(world.people[STAFF])

    assert connected
    closing = await socket.receive_output(timeout=5)
    assert (closing["type"], closing["code"]) == ("websocket.close", SESSION_ENDED)
    await socket.disconnect()


@pytest.mark.parametrize(
    "frame",
    ["no json", "[]", "1", "null", '{"do":"subscribe"}', '{"do":"subscribe","topic":7}', '{"do":"dance","topic":"a"}',
     '{"do":"subscribe","topic":"' + "x" * 101 + '"}', "[" * 15000, '{"topic":"' + "x" * 20000 + '"}'],
    ids=lambda frame: frame[:25],
)  # fmt: skip
async def test_unreadable_frames_are_answered_once_and_end_the_socket(frame, world):
    socket, _ = await open_socket(world.people[STAFF])

    await socket.send_to(text_data=frame)

    assert "error" in (await frames(socket, 1))[0]
    closing = await socket.receive_output(timeout=5)
    assert closing["type"] == "websocket.close"
    assert 4000 <= closing["code"] < 4100


async def test_presence_is_seen_only_of_those_who_allow_it(world):
    shy, open_person, watcher = world.people[STAFF], world.people[ADMINISTRATOR], world.people[OTHER]
    await in_thread(lambda: type(open_person).objects.filter(pk=open_person.pk).update(presence_visible=True))()
    watching, _ = await open_socket(watcher)
    for person in (shy, open_person):
        await watching.send_json_to({"do": "subscribe", "topic": f"person:{person.pk}"})
    before = await frames(watching, 2)

    one, _ = await open_socket(shy)
    two, _ = await open_socket(await in_thread(type(open_person).objects.get)(pk=open_person.pk))
    after = await frames(watching, 1)

    assert [frame["data"]["state"] for frame in before] == ["offline", "offline"]
    assert after == [{"topic": f"person:{open_person.pk}", "kind": "presence", "data": {"state": "here"}}]
    assert presence.present([shy.pk, open_person.pk]) == {open_person.pk}
    assert await watching.receive_nothing(timeout=0.3)
    for socket in (watching, one, two):
        await socket.disconnect()
