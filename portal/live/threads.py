"""Where the event loop leaves what waits: for the database, the cache, templates.

Django's own way is one thread for a whole process. A question of 10 ms then caps it at a hundred a second, and one that
hangs stops every socket. Here are a few threads, which keep no connection between two questions; commands have their
own, so that a slow one does not hold up the question whether somebody may still read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")

READERS: Final = ThreadPoolExecutor(4, thread_name_prefix="live-reads")
WRITERS: Final = ThreadPoolExecutor(4, thread_name_prefix="live-writes")


async def reading(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns, done in one of the threads that read."""
    return await _in(READERS, partial(work, *args, **kwargs))


async def writing(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns, done in one of the threads that do commands."""
    return await _in(WRITERS, partial(work, *args, **kwargs))


async def _in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    # In a context of its own: a language or an origin left active here would answer the next one.
    return await asyncio.get_running_loop().run_in_executor(pool, Context().run, _closing, work)


def _closing(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()  # with a pool: back to it
