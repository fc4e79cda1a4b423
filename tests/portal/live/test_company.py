"""Who has a topic open and who types there: of those who let it be seen, and without a write to the database."""

import asyncio
from dataclasses import replace

import pytest
from django.db.backends.signals import connection_created

from portal.accounts.models import User
from portal.accounts.services import preferences_update
from portal.live import limits, presence
from portal.live.hub import hub
from portal.registry import LiveTopic, announced
from tests.architecture.world import ADMINISTRATOR, DELEGATE, SECRETARIAT, STAFF
from tests.portal.live.sockets import in_thread

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "room:1"
SETTLED = 2 * limits.COALESCE_SECONDS


@pytest.fixture(autouse=True)
def _topics(announce_for_now):
    def present(key, person_ids, language, audience):
        return f"<p>{key} {person_ids} {language} {audience}</p>"

    announce_for_now(
        announced.live_topics,
        LiveTopic(
            name="room",
            may_subscribe=lambda _person, _key: True,
            audience=lambda person, _key: "facilitator" if person.name == "Ada Ministrator" else "member",
            present=present,
        ),
        LiveTopic(name="silent", may_subscribe=lambda _person, _key: True),
    )


@pytest.fixture
async def people(world):
    """All but the delegate let themselves be seen."""
    seen = [world.people[role].pk for role in (STAFF, ADMINISTRATOR, SECRETARIAT)]
    await in_thread(lambda: User.objects.filter(pk__in=seen).update(presence_visible=True))()
    return {role: world.people[role] for role in (STAFF, DELEGATE, ADMINISTRATOR, SECRETARIAT)}


async def latest(socket, kind):
    """What of this kind comes within a moment, the last of it."""
    await asyncio.sleep(SETTLED)
    found = None
    while not socket.outbox.empty():
        frame = await socket.hear()
        found = frame if frame.get("kind") == kind else found
    return found


async def test_readers_see_who_else_reads(people, open_socket):
    one = await open_socket(people[STAFF])
    await one.subscribe(TOPIC)
    assert (await latest(one, "present"))["data"] == {"ids": [people[STAFF].pk], "count": 1}

    two, ids = await open_socket(people[ADMINISTRATOR]), sorted([people[STAFF].pk, people[ADMINISTRATOR].pk])
    await two.subscribe(TOPIC)
    seen = await latest(one, "present"), await latest(two, "present")

    assert seen[0] == {
        "topic": TOPIC, "kind": "present", "data": {"ids": ids, "count": 2},
        "html": {"present": f"<p>1 {ids} en member</p>"},
    }  # fmt: skip
    assert seen[1]["html"] == {"present": f"<p>1 {ids} en facilitator</p>"}

    await two.say({"do": "unsubscribe", "topic": TOPIC})
    assert (await latest(one, "present"))["data"]["ids"] == [people[STAFF].pk]


async def test_who_hides_reads_unseen_and_is_not_counted(people, open_socket):
    one, shy = await open_socket(people[STAFF]), await open_socket(people[DELEGATE])
    await one.subscribe(TOPIC)
    await latest(one, "present")

    await shy.subscribe(TOPIC)

    assert await latest(one, "present") is None
    assert (await latest(shy, "present") or {"data": None})["data"] in (None, {"ids": [people[STAFF].pk], "count": 1})


async def test_a_newcomer_is_shown_who_is_there_though_nothing_changes(people, open_socket):
    one, shy = await open_socket(people[STAFF]), await open_socket(people[DELEGATE])
    await one.subscribe(TOPIC)
    await latest(one, "present")

    await shy.subscribe(TOPIC)

    assert (await latest(shy, "present"))["data"] == {"ids": [people[STAFF].pk], "count": 1}


async def test_two_tabs_are_one_person(people, open_socket):
    watcher = await open_socket(people[ADMINISTRATOR])
    tabs = [await open_socket(people[STAFF]) for _ in range(2)]
    for socket in (watcher, *tabs):
        await socket.subscribe(TOPIC)
    assert (await latest(watcher, "present"))["data"]["count"] == 2

    await tabs[0].say({"do": "unsubscribe", "topic": TOPIC})
    assert await latest(watcher, "present") is None
    await tabs[1].say({"do": "unsubscribe", "topic": TOPIC})
    assert (await latest(watcher, "present"))["data"]["count"] == 1


async def test_hiding_counts_at_once_on_open_pages(people, open_socket):
    watcher, seen = await open_socket(people[ADMINISTRATOR]), await open_socket(people[STAFF])
    for socket in (watcher, seen):
        await socket.subscribe(TOPIC)
    assert (await latest(watcher, "present"))["data"]["count"] == 2
    assert presence.present([people[STAFF].pk]) == {people[STAFF].pk}

    staff = people[STAFF]
    await in_thread(preferences_update)(staff, name=staff.name, preferences={"presence_visible": False})

    assert (await latest(watcher, "present"))["data"]["ids"] == [people[ADMINISTRATOR].pk]
    assert presence.present([people[STAFF].pk]) == set()


async def test_coming_and_going_is_told_four_times_a_second_at_most(people, open_socket):
    watcher, staff = await open_socket(people[ADMINISTRATOR]), await open_socket(people[STAFF])
    await watcher.subscribe(TOPIC)
    await latest(watcher, "present")
    began = asyncio.get_running_loop().time()
    for _ in range(20):
        await staff.subscribe(TOPIC)
        await staff.say({"do": "unsubscribe", "topic": TOPIC})
    await asyncio.sleep(SETTLED)

    most = (asyncio.get_running_loop().time() - began) / limits.COALESCE_SECONDS + 1
    told = [await watcher.hear() for _ in range(watcher.outbox.qsize())]
    assert len([frame for frame in told if frame.get("kind") == "present"]) <= most


async def test_presence_asks_nothing_of_the_database(people, open_socket):
    """Neither coming and going in the cache, nor showing, nor typing, nor a sign of life: no thread even connects."""
    sockets = [await open_socket(people[role]) for role in (STAFF, ADMINISTRATOR)]
    for socket in sockets:
        await socket.subscribe(TOPIC)
    await asyncio.sleep(SETTLED)
    connected = []

    def note(**_what):
        connected.append(1)

    connection_created.connect(note)
    try:
        for _ in range(2):
            hub.company.pulse()
            await hub.here.refresh()
            hub.company.newcomers[TOPIC] = set(hub.rooms[TOPIC].looks)
            hub.company.changed(TOPIC)
            await sockets[0].say({"do": "typing", "topic": TOPIC})
            assert await latest(sockets[1], "present") is not None
        assert connected == []
        await hub.compare()  # the control: this one asks
        assert connected == [1]
    finally:
        connection_created.disconnect(note)


async def typed(socket, topic=TOPIC):
    await socket.say({"do": "typing", "topic": topic})


async def test_typing_is_told_to_the_others(people, open_socket):
    sockets = {role: await open_socket(people[role]) for role in (STAFF, ADMINISTRATOR, DELEGATE)}
    second_tab = await open_socket(people[STAFF])
    for socket in (*sockets.values(), second_tab):
        await socket.subscribe(TOPIC)
        await latest(socket, "present")

    for _ in range(5):
        await typed(sockets[STAFF])

    expected = {"topic": TOPIC, "kind": "typing", "data": {"person": people[STAFF].pk, "name": "Sam Staff"}}
    assert await latest(sockets[ADMINISTRATOR], "typing") == expected
    assert await latest(sockets[DELEGATE], "typing") == expected
    for own in (sockets[STAFF], second_tab):
        assert await latest(own, "typing") is None


async def test_typing_is_told_once_in_three_seconds(people, open_socket, monkeypatch):
    monkeypatch.setattr(limits, "TYPING_SECONDS", 0.5)
    monkeypatch.setattr(limits, "TYPING_A_SECOND", 1000.0)
    writer, reader = await open_socket(people[STAFF]), await open_socket(people[ADMINISTRATOR])
    for socket in (writer, reader):
        await socket.subscribe(TOPIC)
    await latest(reader, "present")

    for _ in range(30):
        await typed(writer)
        await asyncio.sleep(0.04)

    await asyncio.sleep(0.1)
    frames = [await reader.hear() for _ in range(reader.outbox.qsize())]
    assert 2 <= len([frame for frame in frames if frame.get("kind") == "typing"]) <= 4


@pytest.fixture
def keeps_the_staff_to_facilitators(people, announce_for_now):
    """Of the plain staff only facilitators are told."""
    staff, family = people[STAFF].pk, announced.live_topics["room"]

    def told_of(_key, person_ids, audience):
        return [one for one in person_ids if one != staff or audience == "facilitator"]

    announce_for_now(announced.live_topics, replace(family, told_of=told_of))


@pytest.mark.usefixtures("keeps_the_staff_to_facilitators")
async def test_of_whom_an_audience_is_not_told_it_sees_nothing(people, open_socket):
    roles = (STAFF, ADMINISTRATOR, SECRETARIAT)
    hidden, facilitator, outside = [await open_socket(people[role]) for role in roles]
    for socket in (hidden, facilitator, outside):
        await socket.subscribe(TOPIC)
    seen = sorted(people[role].pk for role in (ADMINISTRATOR, SECRETARIAT))
    everybody = sorted([*seen, people[STAFF].pk])

    assert (await latest(facilitator, "present"))["data"] == {"ids": everybody, "count": 3}
    shown = await latest(outside, "present")
    assert shown["data"] == {"ids": seen, "count": 2}
    assert shown["html"] == {"present": f"<p>1 {seen} en member</p>"}
    await typed(hidden)
    assert (await latest(facilitator, "typing"))["data"]["name"] == "Sam Staff"
    assert await latest(outside, "typing") is None


@pytest.mark.parametrize("case", ["who hides", "who does not read it", "where nobody is shown", "where nothing is"])
async def test_of_these_nobody_hears_that_they_type(case, people, open_socket):
    role = DELEGATE if case == "who hides" else STAFF
    topic = {"where nobody is shown": "silent:1", "where nothing is": "nothing:1"}.get(case, TOPIC)
    writer, reader = await open_socket(people[role]), await open_socket(people[ADMINISTRATOR])
    for socket in (writer, reader):
        if not (case == "who does not read it" and socket is writer):
            await socket.subscribe(topic)
    await latest(reader, "present")

    await typed(writer, topic)

    assert await latest(reader, "typing") is None
