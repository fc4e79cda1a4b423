"""F1 for messages, and presence: web processes that are killed."""

from __future__ import annotations

import asyncio
import random
import time

from drills._live.stage import PEOPLE, Found, Stage, all_have, missing_and_doubled, numbers
from tests.portal.live.servers import serving
from tests.portal.live.tab import Tab


async def killed(stage: Stage) -> Found:
    """F1 for messages: twenty people write while their web process is killed, ten times."""
    restarts, written = 10, 0
    with serving("uvicorn", stage.directory, stage.given()) as second:
        webs = [second, second]
        ports = {"victim": 0}
        tabs = [
            Tab(lambda: f"ws://127.0.0.1:{ports['victim']}/live/", stage.cookies[number % PEOPLE], "stage:1")
            for number in range(20)
        ]
        watchers = await stage.open(webs, 4, "stage:1")
        for number in range(restarts):
            with serving(("daphne", "uvicorn")[number % 2], stage.directory, stage.given()) as victim:
                ports["victim"] = victim.port
                await asyncio.gather(*(tab.until(lambda tab: tab.ready.is_set(), 30) for tab in tabs))
                for _ in range(3):
                    for tab in tabs:
                        await tab.send("line.write", stage=1)
                        written += 1
                await asyncio.sleep(random.uniform(0, 0.4))
                victim.kill()
        with serving("daphne", stage.directory, stage.given()) as last:
            ports["victim"] = last.port
            settled = all(await asyncio.gather(*(tab.until(lambda tab: not tab.outbox, 60) for tab in tabs)))
            there = await numbers("stage:1")
            took = await all_have([*tabs, *watchers], there[-1], 30)
            done = [answer["done"]["number"] for tab in tabs for answer in tab.answers.values() if "done" in answer]
            missing, doubled = missing_and_doubled([*tabs, *watchers], there)
            answered = sum(len(tab.answers) for tab in tabs)
            for tab in tabs:
                await tab.close()
        await stage.close()
    return [
        (
            f"F1: answered in the end of {written} commands, with {restarts} kills",
            settled and answered == written,
            answered,
        ),
        ("F1: acknowledged and not in the database", set(done) <= set(there), len(set(done) - set(there))),
        ("F1: written more than once", len(there) == written, len(there) - written),
        ("F1: missing on a page", missing == 0 and took <= 30, missing),
        ("F1: shown twice", doubled == 0, doubled),
    ]


async def ghosts(stage: Stage) -> Found:
    """Presence: who was on a process that is killed is gone from the others' pages soon."""
    with serving("daphne", stage.directory, stage.given()) as living:
        watcher = (await stage.open([living], 1, "stage:2"))[0]
        with serving("uvicorn", stage.directory, stage.given()) as victim:
            seen = Tab(victim.socket_address, stage.cookies[1], "stage:2")
            there = await watcher.until(lambda tab: _count(tab) == 2, 20)
            victim.kill()
            began = time.monotonic()
            gone = await watcher.until(lambda tab: _count(tab) == 1, 40)
            took = time.monotonic() - began
            await seen.close()
        await stage.close()
    return [
        ("presence: seen over two processes", there, "yes" if there else "no"),
        ("presence: seconds until a killed process leaves no ghost (20)", gone and took <= 20, round(took, 1)),
    ]


def _count(tab: Tab) -> int:
    shown = [frame["data"]["count"] for frame in tab.other if frame.get("kind") == "present"]
    return int(shown[-1]) if shown else 0
