"""Sockets that are closed again, a network, and topics and commands that exist for these tests alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from portal.accounts.models import User
from portal.live.hub import hub
from portal.live.in_turn import InTurn
from portal.registry import Register, announced
from tests.architecture.world import World, make_world
from tests.portal.live.sockets import Socket

Open = Callable[..., Awaitable[Socket]]


@pytest.fixture
def world() -> World:
    cache.clear()  # who was online in the last test
    return make_world()


@pytest.fixture
async def open_socket() -> AsyncIterator[Open]:
    """Opens sockets of people; closes them at the end, and the hub with them."""
    opened: list[Socket] = []

    async def opening(person: User | None, **more: Any) -> Socket:
        socket = await Socket.of(person, **more)
        opened.append(socket)
        return socket

    yield opening
    for socket in opened:
        await socket.leave()
    # What is recorded after the end is recorded before the database is emptied.
    for task in [one for one in asyncio.all_tasks() if one.get_coro().__qualname__ == InTurn._run.__qualname__]:
        await task
    for task in [*hub.tasks, *hub.passing]:
        task.cancel()


@pytest.fixture
def announce_for_now(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Announces live topics, fragments and commands until the test ends."""

    def announcing(register: Register[Any], *items: Any) -> None:
        monkeypatch.setattr(register, "_items", {**register._items, **{item.name: item for item in items}})

    yield announcing
    assert announced.live_topics
