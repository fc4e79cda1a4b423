"""Rights on open sockets: nothing is sent between hearing of a change and having asked again (A7, B6, M4)."""

import asyncio
import threading

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from memberships.people.models import Affiliation
from portal.accounts.models import User
from portal.accounts.services import sessions_end_all
from portal.live import limits
from portal.live.hub import core, hub, rights
from portal.live.services import publish
from portal.registry import LiveFragment, LiveTopic, announced
from tests.architecture.world import ADMINISTRATOR, DELEGATE, STAFF
from tests.portal.live.sockets import cookie_of, in_thread, published

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "room:1"
GONE = {"topic": TOPIC, "gone": "This is no longer here for you."}


class Room:
    """Who may read, and as what."""

    def __init__(self, world):
        self.members = {world.people[role].pk: "member" for role in (STAFF, DELEGATE, ADMINISTRATOR)}

    def may_subscribe(self, person, key):
        return key == "1" and person.pk in self.members

    def audience(self, person, _key):
        return self.members[person.pk]


@pytest.fixture
def room(world, announce_for_now):
    made = Room(world)
    topic = LiveTopic(name="room", may_subscribe=made.may_subscribe, audience=made.audience)
    announce_for_now(announced.live_topics, topic)
    announce_for_now(
        announced.live_fragments,
        LiveFragment(name="message.created", render=lambda key, payload, language, audience: {"line": audience}),
    )
    return made


async def rights_changed(person):
    await published(f"rights:{person.pk}", "rights.changed")


async def test_whoever_lost_the_right_hears_nothing_more_and_is_told(world, room, open_socket):
    leaver, stayer = await open_socket(world.people[STAFF]), await open_socket(world.people[DELEGATE])
    for socket in (leaver, stayer):
        await socket.subscribe(TOPIC, 0)
    del room.members[world.people[STAFF].pk]

    await rights_changed(world.people[STAFF])
    await published(TOPIC, "message.created")

    assert await leaver.hear() == GONE
    assert (await stayer.hear())["number"] == 1
    assert await leaver.is_quiet()


async def test_while_the_rights_are_asked_nothing_is_sent(world, room, open_socket, monkeypatch):
    """The question hangs; what is published meanwhile waits, and is dropped when the answer is no."""
    socket, other = await open_socket(world.people[STAFF]), await open_socket(world.people[DELEGATE])
    for one in (socket, other):
        await one.subscribe(TOPIC, 0)
    answer, usual = threading.Event(), rights.standing

    def hanging(*asked):
        answer.wait(10)
        return usual(*asked)

    monkeypatch.setattr(rights, "standing", hanging)
    del room.members[world.people[STAFF].pk]
    await rights_changed(world.people[STAFF])
    for _ in range(3):
        await published(TOPIC)

    assert [frame["number"] for frame in await other.frames(3)] == [1, 2, 3]
    assert await socket.is_quiet()
    answer.set()
    assert await socket.hear() == GONE
    assert await socket.is_quiet()


async def test_who_keeps_the_right_misses_nothing(world, room, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)

    for _ in range(5):
        await published(TOPIC)
        await rights_changed(world.people[STAFF])
        await published(TOPIC)

    assert [frame["number"] for frame in await socket.frames(10)] == list(range(1, 11))
    assert await socket.is_quiet()


async def test_another_audience_sees_what_is_meant_for_it(world, room, open_socket, monkeypatch):
    """No longer a facilitator: what waited as seen by facilitators is made anew."""
    staff = world.people[STAFF]
    room.members[staff.pk] = "facilitator"
    socket = await open_socket(staff)
    await socket.subscribe(TOPIC, 0)
    await published(TOPIC, "message.created")
    assert (await socket.hear())["html"] == {"line": "facilitator"}
    answer, usual = threading.Event(), rights.standing

    def hanging(*asked):
        answer.wait(10)
        return usual(*asked)

    monkeypatch.setattr(rights, "standing", hanging)
    room.members[staff.pk] = "member"
    await rights_changed(staff)
    for _ in range(3):
        await published(TOPIC, "message.created")
    await asyncio.sleep(0.2)
    answer.set()

    frames = await socket.frames(4)
    assert [(frame.get("number"), frame.get("html")) for frame in frames[:3]] == [
        (number, {"line": "member"}) for number in (2, 3, 4)
    ]
    assert frames[3] == {"topic": TOPIC, "head": 4}
    await published(TOPIC, "message.created")
    assert (await socket.hear())["html"] == {"line": "member"}


async def test_a_right_that_is_lost_while_subscribing_is_no_right(world, room, open_socket, monkeypatch):
    """Asked and allowed; before the answer is back the right ends."""
    usual = core.admitted

    def late(person_id, *asked):
        found = usual(person_id, *asked)
        if room.members.pop(person_id, None):
            hub.loop.call_soon_threadsafe(hub.rights.changed, person_id, 99)
            threading.Event().wait(0.3)
        return found

    monkeypatch.setattr(core, "admitted", late)
    socket = await open_socket(world.people[STAFF])

    assert await socket.subscribe(TOPIC, 0) == [GONE]
    await published(TOPIC)
    assert await socket.is_quiet()


async def test_a_change_of_which_nobody_told_us_is_found_in_the_rows(world, room, open_socket, monkeypatch):
    """The layer was away when it was published."""
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)
    del room.members[world.people[STAFF].pk]
    monkeypatch.setattr(hub, "hear", lambda message: None)
    await rights_changed(world.people[STAFF])
    monkeypatch.undo()

    await hub.compare()

    assert await socket.hear() == GONE


async def test_rights_that_end_by_the_calendar_are_asked_from_time_to_time(world, room, open_socket):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)
    del room.members[world.people[STAFF].pk]

    await hub.beat()
    assert (await socket.hear())["head"] == 0  # asked a moment ago
    hub.owners[world.people[STAFF].pk].asked_at -= limits.RIGHTS_AGAIN_SECONDS
    await hub.beat()

    found = await socket.frames(2)
    assert GONE in found


async def test_while_the_database_is_away_nothing_is_sent(world, room, open_socket, monkeypatch, caplog):
    socket = await open_socket(world.people[STAFF])
    await socket.subscribe(TOPIC, 0)
    usual = rights.standing

    def away(*_asked):
        monkeypatch.setattr(rights, "standing", usual)
        raise ConnectionError("the database is away")

    monkeypatch.setattr(rights, "standing", away)
    await rights_changed(world.people[STAFF])
    await published(TOPIC)

    assert await socket.is_quiet(0.5)
    assert (await socket.hear())["number"] == 1
    assert "could not be asked" in caplog.text


@pytest.mark.parametrize("how", ["signed out everywhere", "deactivated"])
async def test_the_end_of_a_session_closes_its_sockets_at_once(how, world, room, open_socket):
    staff = world.people[STAFF]
    first, second = await open_socket(staff), await open_socket(staff)
    other = await open_socket(world.people[DELEGATE])
    began = asyncio.get_running_loop().time()

    def end():
        if how == "signed out everywhere":
            for session in Session.objects.all():
                owner = int(session.get_decoded()["_auth_user_id"])
                UserSession.objects.get_or_create(
                    session_key=session.pk, defaults={"user_id": owner, "ip": "127.0.0.1", "user_agent": "Test"}
                )
            sessions_end_all(staff)
        else:
            User.objects.filter(pk=staff.pk).update(is_active=False)
            publish(f"rights:{staff.pk}", kind="rights.changed")

    await in_thread(end)()

    assert [await socket.closing_code() for socket in (first, second)] == [limits.SESSION_ENDED] * 2
    assert asyncio.get_running_loop().time() - began < 2
    assert await other.is_quiet()


async def test_one_session_of_two_ends_and_the_other_goes_on(world, room, open_socket):
    staff = world.people[STAFF]
    cookie = await in_thread(cookie_of)(staff)
    ending, staying = await open_socket(staff, cookie=cookie), await open_socket(staff)
    await staying.subscribe(TOPIC, 0)

    await in_thread(Session.objects.filter(pk=cookie.partition("=")[2]).delete)()
    await rights_changed(staff)
    await published(TOPIC)

    assert await ending.closing_code() == limits.SESSION_ENDED
    assert (await staying.hear())["number"] == 1


async def test_whenever_a_right_ends_nothing_comes_late(world, room, open_socket):
    """Check A7 for the socket, in short: an affiliation ends while the organisation's page is open and changing."""
    staff, topic = world.people[STAFF], f"organisation:{world.alpha.pk}"
    late, slowest, loop = [], 0.0, asyncio.get_running_loop()

    def affiliated(yes):
        Affiliation.objects.filter(person=staff).update(
            **({"until": None} if yes else {"until": "2026-01-01T00:00Z", "since": "2025-01-01T00:00Z"})
        )

    socket = await open_socket(staff)
    for _ in range(5):
        await socket.subscribe(topic, 0)
        while not socket.outbox.empty():
            await socket.hear()
        await in_thread(affiliated)(False)
        began = loop.time()
        await rights_changed(staff)
        await published(topic)
        while "gone" not in (frame := await socket.hear()):
            late.append(frame)
        slowest = max(slowest, loop.time() - began)
        await in_thread(affiliated)(True)
        await rights_changed(staff)

    assert late == []
    assert slowest < 2
