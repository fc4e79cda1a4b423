"""The socket: who may listen, replay without loss or doubling, rights lost, presence of people."""

import asyncio

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction

from memberships.people.models import Affiliation
from portal.live import limits, presence
from portal.live.hub import hub
from portal.live.models import Topic
from portal.live.services import publish
from tests.architecture.world import ADMINISTRATOR, AT_RISK, GUEST, OTHER, STAFF
from tests.portal.live.sockets import PATIENCE, Closed, Socket, cookie_of, in_thread, published

pytestmark = pytest.mark.django_db(transaction=True)


async def test_nobody_anonymous_is_let_in(world, open_socket):
    with pytest.raises(Closed):
        await open_socket(None)


async def test_no_page_of_others_is_let_in(world, open_socket):
    with pytest.raises(Closed):
        await open_socket(world.people[STAFF], origin="http://elsewhere.example")


@pytest.mark.parametrize("path", ["/", "/elsewhere/", "/live", "/live/more/", "//live/"])
async def test_a_socket_anywhere_else_is_closed_and_nothing_fails(path, world):
    """Signed in or not; an exception would be a traceback in the log for everybody who tries addresses."""
    for cookie in ("", await in_thread(cookie_of)(world.people[STAFF])):
        socket = Socket(cookie, "http://testserver", path)
        await socket.inbox.put({"type": "websocket.connect"})

        await asyncio.wait_for(asyncio.shield(socket.task), PATIENCE)
        assert await socket.closing_code() == limits.NOWHERE


async def test_an_event_reaches_who_listens(world, open_socket):
    topic = f"organisation:{world.alpha.pk}"
    socket = await open_socket(world.people[STAFF])
    assert await socket.subscribe(topic, 0) == [{"topic": topic, "head": 0}]

    await published(topic, "organisation.updated", id=7)

    assert await socket.hear() == {"topic": topic, "number": 1, "kind": "organisation.updated", "data": {"id": 7}}


async def test_what_was_missed_is_replayed_in_order_and_once(world, open_socket):
    topic = f"organisation:{world.alpha.pk}"
    for _ in range(5):
        await published(topic)
    socket = await open_socket(world.people[STAFF])

    found = await socket.subscribe(topic, 2)

    assert [frame.get("number") for frame in found] == [3, 4, 5, None]
    assert found[-1] == {"topic": topic, "head": 5}
    assert await socket.is_quiet()


async def test_who_asks_for_nothing_missed_hears_where_the_topic_stands(world, open_socket):
    topic = f"organisation:{world.alpha.pk}"
    await published(topic)
    socket = await open_socket(world.people[STAFF])

    assert await socket.subscribe(topic) == [{"topic": topic, "head": 1}]


@pytest.mark.parametrize(("head", "since"), [(900, 1), (1, 900)], ids=["too far behind", "ahead of an older copy"])
async def test_what_cannot_be_replayed_is_fetched_afresh(head, since, world, open_socket):
    topic = f"organisation:{world.alpha.pk}"
    await published(topic)
    await in_thread(lambda: Topic.objects.filter(name=topic).update(head=head))()
    socket = await open_socket(world.people[STAFF])

    assert await socket.subscribe(topic, since) == [{"topic": topic, "resync": True}, {"topic": topic, "head": head}]


async def test_a_rolled_back_write_publishes_nothing(world, open_socket):
    topic = f"organisation:{world.alpha.pk}"
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(topic, 0)

    def write_and_fail():
        with transaction.atomic():
            publish(topic, kind="organisation.updated")
            transaction.set_rollback(True)

    await in_thread(write_and_fail)()

    assert await socket.is_quiet()


@pytest.mark.parametrize(
    "topic", ["directory", "organisation:{alpha}", "organisation:999999", "nothing:1", "rights:{staff}", "person:x"]
)
async def test_what_a_guest_may_not_read_and_what_is_not_there_are_answered_alike(topic, world, open_socket):
    topic = topic.format(alpha=world.alpha.pk, staff=world.people[STAFF].pk)
    socket = await open_socket(world.people[GUEST])
    began = asyncio.get_running_loop().time()

    assert await socket.subscribe(topic, 0) == [{"topic": topic, "gone": "This is no longer here for you."}]
    assert asyncio.get_running_loop().time() - began >= limits.REFUSAL_SECONDS


async def test_a_person_of_an_organisation_at_risk_is_not_there_for_others(world, open_socket):
    socket = await open_socket(world.people[OTHER])

    assert (await socket.subscribe(f"person:{world.people[AT_RISK].pk}"))[0]["gone"]


async def test_losing_the_right_drops_the_subscription_at_once(world, open_socket):
    topic = f"organisation:{world.alpha.pk}"
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(topic, 0)

    def end():
        with transaction.atomic():
            Affiliation.objects.filter(person=world.people[STAFF]).update(
                until="2026-01-01T00:00Z", since="2025-01-01T00:00Z"
            )
            publish(f"rights:{world.people[STAFF].pk}", kind="rights.changed")
            publish(topic, kind="organisation.updated")  # later in the same moment: it must not come through

    await in_thread(end)()

    assert await socket.hear() == {"topic": topic, "gone": "This is no longer here for you."}
    await published(topic)
    assert await socket.is_quiet()


async def test_a_socket_of_an_ended_session_is_closed_by_the_heartbeat(world, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe("directory")

    await in_thread(Session.objects.all().delete)()
    await hub.beat()

    assert await socket.closing_code() == limits.SESSION_ENDED


async def test_a_socket_that_opens_while_its_session_ends_is_closed(world, open_socket, monkeypatch):
    """Signed out after the handshake had read the session and before the hub knew of the socket."""
    enter = hub.enter

    async def late(*who):
        await in_thread(Session.objects.all().delete)()
        return await enter(*who)

    monkeypatch.setattr(hub, "enter", late)

    socket = await open_socket(world.people[STAFF])

    assert await socket.closing_code() == limits.SESSION_ENDED


async def test_presence_is_seen_only_of_those_who_allow_it(world, open_socket):
    shy, open_person, watcher = world.people[STAFF], world.people[ADMINISTRATOR], world.people[OTHER]
    await in_thread(lambda: type(open_person).objects.filter(pk=open_person.pk).update(presence_visible=True))()
    watching = await open_socket(watcher)
    before = []
    for person in (shy, open_person):
        await watching.subscribe(f"person:{person.pk}")
        before.append(await watching.hear())

    await open_socket(shy)
    await open_socket(open_person)

    assert [frame["data"]["state"] for frame in before] == ["offline", "offline"]
    expected = {"topic": f"person:{open_person.pk}", "kind": "presence", "data": {"state": "here"}}
    assert await watching.hear() == expected
    assert presence.present([shy.pk, open_person.pk]) == {open_person.pk}
    assert await watching.is_quiet()
