"""The wall as ASGI, whichever server stands before it: bodies as they stream, rates, and whose address counts."""

import asyncio

import pytest
from django.test import override_settings

from portal.edge import limits
from portal.edge.addresses import MOST_BUCKETS, AtOnce, Rate, counted_address
from portal.edge.guard import Guard, SocketsPerPerson
from portal.registry import announced


def scope(method="GET", path="/accounts/login/", client="192.0.2.1", headers=(), kind="http"):
    return {"type": kind, "method": method, "path": path, "client": [client, 4000], "headers": list(headers)}


async def ask(guard, scope, *bodies, pause=0.0):
    """The status and body of the answer; `bodies` come one after the other, each after `pause` seconds."""
    messages = [{"type": "http.request", "body": body, "more_body": True} for body in bodies]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        await asyncio.sleep(pause)
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    await guard(scope, receive, send)
    return sent[0]["status"], sent[-1]["body"]


async def reads_all(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"read"})


async def test_a_streamed_body_is_counted():
    assert await ask(Guard(reads_all), scope("POST"), b"x" * 60_000) == (200, b"read")

    status, body = await ask(Guard(reads_all), scope("POST"), b"x" * 60_000, b"x" * 5_000)

    assert status == 413
    assert b"larger than what is taken here" in body


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"9" * 40, b"1, 2"])
async def test_a_length_that_is_no_number_is_refused(length):
    assert (await ask(Guard(reads_all), scope("POST", headers=[(b"content-length", length)])))[0] == 400


async def test_a_slow_body_is_cut(monkeypatch):
    monkeypatch.setattr(limits, "BODY_GRACE_SECONDS", 0.1)

    assert (await ask(Guard(reads_all), scope("POST"), *[b"x"] * 20, pause=0.04))[0] == 408
    assert (await ask(Guard(reads_all), scope("POST"), b"x", pause=0.3))[0] == 408
    assert (await ask(Guard(reads_all), scope("POST"), *[b"x" * 500] * 5, pause=0.04))[0] == 200


async def test_large_heads_and_other_methods_are_refused():
    many = [(b"x-%d" % number, b"y") for number in range(limits.HEAD_LINES + 1)]

    assert (await ask(Guard(reads_all), scope(headers=many)))[0] == 431
    assert (await ask(Guard(reads_all), scope(headers=[(b"cookie", b"x" * 40_000)])))[0] == 431
    assert (await ask(Guard(reads_all), scope("TRACE")))[0] == 405


async def test_an_open_page_is_posted_to_so_often():
    """By one address; another one, and this one's reading, go on."""
    guard = Guard(reads_all)

    answers = [(await ask(guard, scope("POST")))[0] for _ in range(limits.GUESSES_BURST + 5)]

    assert answers.count(429) >= 4
    assert (await ask(guard, scope("GET")))[0] == 200
    assert (await ask(guard, scope("POST", client="192.0.2.2")))[0] == 200
    assert (await ask(guard, scope("POST", path="/members/import/")))[0] == 200


async def test_posts_to_open_pages_take_turns_and_the_last_in_line_is_sent_away(monkeypatch):
    monkeypatch.setattr(limits, "GUESSES_WAITING", 3)
    now, most = 0, 0

    async def hashes(scope, receive, send):
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0.05)
        now -= 1
        await reads_all(scope, receive, send)

    guard = Guard(hashes)
    answers = await asyncio.gather(*(ask(guard, scope("POST", client=f"192.0.2.{number}")) for number in range(20)))

    assert most == limits.GUESSES_AT_ONCE
    assert [status for status, _ in answers].count(503) == 20 - limits.GUESSES_AT_ONCE - 3


async def test_one_address_does_not_fill_the_line_before_others():
    ready = asyncio.Event()

    async def hashes(scope, receive, send):
        await ready.wait()
        await reads_all(scope, receive, send)

    guard = Guard(hashes)
    flood = [asyncio.create_task(ask(guard, scope("POST"))) for _ in range(40)]
    await asyncio.sleep(0)
    other = asyncio.create_task(ask(guard, scope("POST", client="192.0.2.2")))
    await asyncio.sleep(0)
    ready.set()
    answers = [status for status, _ in await asyncio.gather(*flood)]

    assert answers.count(200) == limits.GUESSES_AT_ONCE + limits.GUESSES_WAITING_PER_ADDRESS
    assert (await other)[0] == 200


async def test_one_address_has_so_many_requests_at_once(monkeypatch):
    ready, guard = asyncio.Event(), None

    async def waits(scope, receive, send):
        await ready.wait()
        await reads_all(scope, receive, send)

    guard = Guard(waits)
    running = [asyncio.create_task(ask(guard, scope())) for _ in range(limits.REQUESTS_PER_ADDRESS)]
    await asyncio.sleep(0)
    try:
        status, _ = await ask(guard, scope())
    finally:
        ready.set()
        answers = await asyncio.gather(*running)

    assert status == 429
    assert {status for status, _ in answers} == {200}
    assert not guard.requests.now


async def open_socket(application, scope, *frames):
    """What the application sent to a socket that receives `frames`."""
    incoming = [{"type": "websocket.connect"}, *frames, {"type": "websocket.disconnect", "code": 1000}]
    sent = []

    async def receive():
        return incoming.pop(0)

    async def send(message):
        sent.append(message)

    await application(scope, receive, send)
    return [(message["type"], message.get("code")) for message in sent]


async def echo(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": "heard"})


async def test_handshakes_and_frames_are_limited():
    guard = Guard(echo)
    one = scope(kind="websocket", path="/live/")

    assert await open_socket(guard, one, {"type": "websocket.receive", "text": "x" * 1_100_000}) == [
        ("websocket.accept", None),
        ("websocket.close", 1009),
    ]
    answers = [await open_socket(guard, one) for _ in range(limits.HANDSHAKES_BURST + 3)]

    assert answers[0] == [("websocket.accept", None)]
    assert [("websocket.close", 1013)] in answers


async def test_a_person_has_so_many_sockets(monkeypatch):
    class Person:
        pk = 7

    guard = SocketsPerPerson(echo)
    guard.open = AtOnce(0)

    assert await open_socket(guard, {"user": Person()}) == [("websocket.close", 1013)]
    assert await open_socket(guard, {"user": None}) == [("websocket.accept", None)]


def test_a_forwarded_address_is_believed_only_behind_the_proxy_and_from_the_right():
    client = ["198.51.100.9", 4000]

    assert counted_address(client, b"203.0.113.5") == "198.51.100.9"
    with override_settings(BEHIND_PROXY=True, ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert counted_address(client, b"1.1.1.1, 203.0.113.5") == "203.0.113.5"
        assert counted_address(client, b"") == "198.51.100.9"
        assert counted_address(None, b"not an address") == "unknown"
    with override_settings(BEHIND_PROXY=True, ALLAUTH_TRUSTED_PROXY_COUNT=2):
        assert counted_address(client, b"1.1.1.1, 203.0.113.5, 10.0.0.1") == "203.0.113.5"


def test_ipv6_counts_by_network():
    first, second = counted_address(["2001:db8:1:2:3::4", 1]), counted_address(["2001:db8:1:2:ffff::9", 1])

    assert first == second == "2001:db8:1:2::"
    assert counted_address(["::ffff:192.0.2.7", 1]) == "192.0.2.7"


def test_a_flood_of_addresses_does_not_fill_the_memory():
    rate = Rate(burst=2, per_second=1, clock=lambda: 0.0)

    for number in range(MOST_BUCKETS + 100):
        rate.allows(str(number))

    assert len(rate._left) <= MOST_BUCKETS


def test_a_rate_refills():
    now = [0.0]
    rate = Rate(burst=2, per_second=1, clock=lambda: now[0])

    first = [rate.allows("a") for _ in range(3)]
    now[0] = 1.0

    assert (first, rate.allows("a"), rate.allows("a")) == ([True, True, False], True, False)


def test_a_flood_does_not_keep_a_rate_from_refilling():
    now = [0.0]
    rate = Rate(burst=1, per_second=1, clock=lambda: now[0])

    allowed = 0
    for step in range(1000):
        now[0] = step / 100
        allowed += rate.allows("a")

    assert allowed in {10, 11}


def test_announced_large_bodies_are_pages_that_exist(db):
    from django.urls import get_resolver

    names = {f"{namespace}:{name}" for namespace, name in [item.name.split(":") for item in announced.large_bodies]}
    known = {
        f"{namespace}:{name}"
        for namespace, (_prefix, inner) in get_resolver().namespace_dict.items()
        for name in inner.reverse_dict
        if isinstance(name, str)
    }

    assert names <= known


def test_pages_that_take_files_may_take_their_time(db):
    page = limits.allowance("POST", "/groups/some/files/upload/", session=True)

    assert (page.body, page.seconds) == (51_000_000, limits.LARGE_BODY_SECONDS)
    assert limits.allowance("POST", "/groups/some/files/", session=True).seconds == limits.BODY_SECONDS
    assert limits.allowance("POST", "/groups/some/files/upload/", session=False).seconds == limits.BODY_SECONDS


async def test_a_large_body_is_counted_as_it_streams(db):
    """A client that says nothing of the length is cut when it has sent too much."""
    sending = scope("POST", "/groups/some/files/upload/", headers=[(b"cookie", b"session=x")])

    assert (await ask(Guard(reads_all), sending, *[b"x" * 5_000_000] * 10)) == (200, b"read")
    assert (await ask(Guard(reads_all), sending, *[b"x" * 5_000_000] * 11))[0] == 413
