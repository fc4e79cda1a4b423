"""F4 to F7: what is lost on the way is there all the same."""

from __future__ import annotations

import asyncio
import os
import random
import time
from contextlib import suppress

import httpx

from drills._live.stage import Found, Stage, all_have, missing_and_doubled, numbers, two
from tests.portal.live.servers import Web

MINUTES = float(os.environ.get("DRILL_LIVE_MINUTES", "2"))  # of cuts; ten before a release
PAGES = ("/", "/members/", "/notifications/", "/accounts/")


async def burst(stage: Stage) -> Found:
    """F5: 1,000 events in one request to 200 sockets."""
    async with two(stage) as webs:
        tabs = await stage.open(webs, 200, "stage:5")
        await tabs[0].send("line.write", stage=5, count=1000)
        await tabs[0].until(lambda tab: bool(tab.answers), 60)
        took = await all_have(tabs, 1000, 30)
        missing, doubled = missing_and_doubled(tabs, await numbers("stage:5"))
        cut = sum(tab.opened - 1 for tab in tabs)
    return [
        ("F5: events missing after a burst of 1,000 to 200 sockets", missing == 0, missing),
        ("F5: shown twice", doubled == 0, doubled),
        ("F5: seconds from the answer to the last arrival (5)", took <= 5, round(took, 1)),
        ("F5: connections lost", cut == 0, cut),
    ]


class Cutting:
    """A proxy between the tabs and a web process: cuts, and lets connections hang before it cuts them."""

    def __init__(self, port: int) -> None:
        self.port, self.cutting, self.cuts = port, True, 0
        self.server: asyncio.Server

    async def __aenter__(self) -> Cutting:
        self.server = await asyncio.start_server(self.between, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_what: object) -> None:
        self.server.close()

    @property
    def address(self) -> str:
        """Where tabs go."""
        return f"ws://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/live/"

    async def between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(OSError):
            behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self.port)
            ways = [
                asyncio.create_task(self.carry(reader, behind_writer)),
                asyncio.create_task(self.carry(behind_reader, writer)),
            ]
            ends = asyncio.create_task(self.end(ways))
            await asyncio.wait([*ways, ends], return_when=asyncio.FIRST_COMPLETED)
            for task in [*ways, ends]:
                task.cancel()
            for side in (writer, behind_writer):
                side.transport.abort()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction."""
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()

    async def end(self, ways: list[asyncio.Task[None]]) -> None:
        """After a while, in one of two ways."""
        await asyncio.sleep(random.uniform(1, 30))
        if not self.cutting:
            await asyncio.Event().wait()
        self.cuts += 1
        if random.random() < 0.5:
            ways[1].cancel()  # nothing comes any more, and nobody says so
            await asyncio.sleep(random.uniform(0, 5))


async def cuts(stage: Stage) -> Found:
    """F6: 200 sockets, cut at random for up to 30 seconds, while 20 messages a second are written."""
    async with two(stage) as webs, Cutting(webs[0].port) as one, Cutting(webs[1].port) as other:
        proxies = (one, other)
        through = [Web(web.kind, 0, web.process, web.log) for web in webs]
        for web, proxy in zip(through, proxies, strict=True):
            web.port = int(proxy.address.split(":")[2].split("/")[0])
        writers = await stage.open(webs, 20, "stage:60")
        tabs = await stage.open(through, 200, "stage:6", away=lambda: random.uniform(0, 30))
        end = time.monotonic() + 60 * MINUTES
        while time.monotonic() < end:
            for writer in writers:
                await writer.send("line.write", stage=6)
                await asyncio.sleep(0.05)
        for proxy in proxies:
            proxy.cutting = False
        there = await numbers("stage:6")
        for tab in tabs:
            tab.away = lambda: random.uniform(0.05, 0.5)
        took = await all_have(tabs, there[-1], 60)
        missing, doubled = missing_and_doubled(tabs, there)
        count, afresh = sum(proxy.cuts for proxy in proxies), sum(len(tab.fetched) for tab in tabs)
    return [
        ("F6: cuts", count > 200 * MINUTES, count),
        ("F6: messages", len(there) > 600 * MINUTES, len(there)),
        ("F6: missing", missing == 0, missing),
        ("F6: shown twice", doubled == 0, doubled),
        ("F6: seconds to the last one after the cuts end (60)", took <= 60, round(took, 1)),
        ("F6: of these by fetching afresh, too far behind", True, afresh),
    ]


async def redis(stage: Stage) -> Found:
    """F4: Redis killed 20 times and emptied 20 times, while pages are read and messages written."""
    late, wrong, pages = [], 0, 0
    async with two(stage) as webs:
        tabs = await stage.open(webs, 20, "stage:4")
        async with httpx.AsyncClient(timeout=30, headers={"Cookie": stage.cookies[0]}) as client:
            for number in range(40):
                if number % 2:
                    stage.redis.say("FLUSHALL")
                else:
                    stage.redis.kill()
                await tabs[number % 20].send("line.write", stage=4)
                for web in webs:
                    answer = await client.get(web.address + PAGES[number % len(PAGES)])
                    pages, wrong = pages + 1, wrong + (answer.status_code >= 500)
                await asyncio.sleep(random.uniform(0, 2))
                if not number % 2:
                    stage.redis.start()
                await tabs[number % 20].until(lambda tab: not tab.outbox, 30)
                late.append(await all_have(tabs, (await numbers("stage:4"))[-1], 30))
        missing, doubled = missing_and_doubled(tabs, await numbers("stage:4"))
        lost = sum(tab.opened - 1 for tab in tabs)
    return [
        ("F4: longest until all had what was written, after Redis came back (5)", max(late) <= 5, round(max(late), 1)),
        ("F4: missing", missing == 0, missing),
        ("F4: shown twice", doubled == 0, doubled),
        ("F4: connections lost", lost == 0, lost),
        (f"F4: answers of 500 and above among {pages} pages", wrong == 0, wrong),
    ]


async def idle(stage: Stage) -> Found:
    """F7: silent for a minute."""
    async with two(stage) as webs:
        tabs = await stage.open(webs, 6, "stage:7")
        await asyncio.sleep(60)
        await tabs[0].send("line.write", stage=7)
        took = await all_have(tabs, 1, 5)
        lost = sum(tab.opened - 1 for tab in tabs)
    return [
        ("F7: connections lost in a silent minute", lost == 0, lost),
        ("F7: seconds to hear afterwards (5)", took <= 5, round(took, 2)),
    ]
