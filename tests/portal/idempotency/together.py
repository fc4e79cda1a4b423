"""Doing one thing at the same moment in many threads, each with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def together(*acts: Callable[[], Result]) -> Sequence[Result]:
    """What the acts return, in their order; raises what the first of them raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
