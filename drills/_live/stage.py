"""What the scenarios share: servers, tabs of people, and the comparison with the database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from channels.db import database_sync_to_async as in_thread
from django.core.management import call_command

from portal.accounts.models import User
from portal.live.models import Event
from tests.architecture.world import make_world
from tests.portal.live.servers import Web, environment, serving_each
from tests.portal.live.sockets import cookie_of
from tests.portal.live.tab import Tab
from tests.redis import Redis

PEOPLE, PER_PERSON = 24, 12
Found = list[tuple[str, bool, object]]


@dataclass
class Stage:
    """What the scenarios share: the people's cookies, Redis, and a directory for what servers say."""

    redis: Redis
    directory: Path
    cookies: list[str] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)

    def given(self) -> dict[str, str]:
        """The environment of a web process."""
        return environment(self.directory, self.redis.url)

    async def open(self, webs: list[Web], count: int, topic: str, **more: Any) -> list[Tab]:
        """So many tabs of different people, over all processes in turn, once all of them hear."""
        tabs = [
            Tab(webs[number % len(webs)].socket_address, self.cookies[number // PER_PERSON % PEOPLE], topic, **more)
            for number in range(count)
        ]
        self.tabs += tabs
        for tab in tabs:
            if not await tab.until(lambda tab: tab.ready.is_set(), 60):
                raise AssertionError(f"a tab does not open: {tab.codes}")
        return tabs

    async def close(self) -> None:
        """Close all tabs."""
        await asyncio.gather(*(tab.close() for tab in self.tabs))
        self.tabs.clear()


@asynccontextmanager
async def two(stage: Stage) -> AsyncIterator[list[Web]]:
    """A process of each kind."""
    with serving_each(["daphne", "uvicorn"], stage.directory, stage.given()) as webs:
        try:
            yield webs
        finally:
            await stage.close()


async def numbers(topic: str) -> list[int]:
    """Those of the events in the database, in order."""
    rows = Event.objects.filter(topic__name=topic).order_by("number").values_list("number", flat=True)
    return await in_thread(lambda: list(rows))()


async def all_have(tabs: list[Tab], last: int, seconds: float) -> float:
    """Until every tab knows `last`: the seconds it took, or infinity."""
    began = time.monotonic()
    reached = await asyncio.gather(*(tab.until(lambda tab: tab.last >= last, seconds) for tab in tabs))
    return time.monotonic() - began if all(reached) else float("inf")


def missing_and_doubled(tabs: list[Tab], there: list[int]) -> tuple[int, int]:
    """What tabs do not have of what is in the database, and what they showed twice."""
    missing = sum(len(set(there) - set(tab.heard) - set(tab.fetched)) for tab in tabs)
    doubled = sum(len(tab.heard) + len(tab.fetched) - len({*tab.heard, *tab.fetched}) for tab in tabs)
    return missing, doubled


def prepare(stage: Stage) -> None:
    """Tables, the small network, and people who write."""
    call_command("migrate", verbosity=0)
    make_world()
    for number in range(PEOPLE):
        address = f"writer{number}@example.org"
        person, _made = User.objects.get_or_create(email=address, defaults={"name": f"Writer {number}"})
        if number < 2:
            User.objects.filter(pk=person.pk).update(presence_visible=True)
        stage.cookies.append(cookie_of(person))
