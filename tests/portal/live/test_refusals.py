"""What is refused at the socket is in the record, once for a person and a family, and tells nobody anything."""

import asyncio

import pytest
from django.core.cache import cache

from portal.audit import services
from portal.audit.models import Circumstance, Entry
from portal.audit.services import REFUSED
from tests.architecture.world import GUEST, STAFF
from tests.portal.live.sockets import PATIENCE, in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@in_thread
def refusals():
    return list(Entry.objects.filter(verb=REFUSED).order_by("pk").values_list("actor", "details"))


async def until(number):
    """The refusals in the record when there are so many of them; they are written aside."""
    for _ in range(50 * PATIENCE):
        found = await refusals()
        if len(found) >= number:
            break
        await asyncio.sleep(0.02)
    return found


async def test_who_asks_for_what_is_not_theirs_is_recorded_with_the_family_only(world, open_socket):
    guest = world.people[GUEST].pk
    socket = await open_socket(world.people[GUEST])

    await socket.subscribe("directory")
    await until(1)
    await socket.subscribe(f"organisation:{world.alpha.pk}")

    assert await until(2) == [
        (guest, {"route": "live:directory", "method": "LISTEN"}),
        (guest, {"route": "live:organisation", "method": "LISTEN"}),
    ]
    assert [kept.content for kept in await in_thread(list)(Circumstance.objects.all())] == [
        "203.0.0.0/16\nFirefox, Linux"
    ] * 2


async def test_what_is_not_there_is_recorded_alike_and_no_typed_name_is_kept(world, open_socket):
    socket = await open_socket(world.people[GUEST])

    await socket.subscribe("organisation:999999")
    await until(1)
    await socket.subscribe("ada.ministrator@example.org:1")

    assert [details["route"] for _actor, details in await until(2)] == ["live:organisation", "live:unknown"]


async def test_many_of_one_family_are_one_entry_on_whichever_socket(world, open_socket, monkeypatch):
    for _ in range(2):
        socket = await open_socket(world.people[GUEST])
        for number in range(5):
            await socket.subscribe(f"organisation:{number}")
    for _ in range(100):  # all of them are written, or counted
        if await in_thread(cache.get)(f"audit.refused:{world.people[GUEST].pk}:live:organisation:LISTEN") == 9:
            break
        await asyncio.sleep(0.05)

    assert len(await refusals()) == 1

    monkeypatch.setattr(services, "REFUSED_AGAIN_AFTER", services.REFUSED_AGAIN_AFTER * 0)
    await socket.subscribe("organisation:4711")
    assert (await until(2))[1][1]["unrecorded_before"] == 9


async def test_what_may_be_heard_is_no_refusal(world, open_socket):
    socket = await open_socket(world.people[STAFF])

    await socket.subscribe("directory")
    await socket.subscribe(f"organisation:{world.alpha.pk}")
    await socket.subscribe(f"rights:{world.people[STAFF].pk}")

    assert await socket.is_quiet()
    assert await refusals() == []


async def test_leaving_at_once_keeps_nothing_out_of_the_record(world, open_socket):
    socket = await open_socket(world.people[GUEST])

    await socket.subscribe("directory")
    await socket.leave()

    assert [details["route"] for _actor, details in await until(1)] == ["live:directory"]


async def test_a_record_that_cannot_be_written_changes_nothing_for_the_socket(world, open_socket, monkeypatch, caplog):
    monkeypatch.setattr(services, "REFUSED", "no.such.verb")
    socket = await open_socket(world.people[GUEST])

    answers = [await socket.subscribe(topic) for topic in ("directory", "nothing:1")]

    assert [answer[0]["gone"] for answer in answers] == ["This is no longer here for you."] * 2
    for _ in range(50 * PATIENCE):
        if caplog.text.count("A refusal could not be recorded") == 2:
            break
        await asyncio.sleep(0.02)
    assert caplog.text.count("A refusal could not be recorded") == 2
    assert await refusals() == []


def test_a_page_that_asks_without_a_socket_is_recorded_alike_and_once(world, client):
    client.force_login(world.people[GUEST])
    asked = {"t": ["directory", f"organisation:{world.alpha.pk}", "organisation:999999", "ada:1"], "since": [""] * 4}

    answers = [client.get("/live/poll/", asked).json() for _ in range(2)]

    assert [[frame["gone"] for frame in frames] for frames in answers] == [["This is no longer here for you."] * 4] * 2
    assert list(Entry.objects.filter(verb=REFUSED).order_by("pk").values_list("actor", "details")) == [
        (world.people[GUEST].pk, {"route": f"live:{family}", "method": "LISTEN"})
        for family in ("directory", "organisation", "unknown")
    ]
