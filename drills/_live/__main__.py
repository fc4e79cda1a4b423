"""``python -m drills._live DIRECTORY [scenario …]`` prints what each scenario found as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import django

django.setup()

from channels.db import database_sync_to_async as in_thread  # noqa: E402 - Django is set up first

from drills._live import dying, hostile, losing  # noqa: E402
from drills._live.stage import Found, Stage, prepare  # noqa: E402
from portal.live.models import Topic  # noqa: E402
from tests.redis import running  # noqa: E402

SCENARIOS: dict[str, Callable[[Stage], Coroutine[Any, Any, Found]]] = {
    "fuzz": hostile.fuzz,
    "burst": losing.burst,
    "idle": losing.idle,
    "killed": dying.killed,
    "ghosts": dying.ghosts,
    "redis": losing.redis,
    "deaf": hostile.deaf,
    "cuts": losing.cuts,
}


async def main(directory: Path, wanted: list[str]) -> Found:
    """All scenarios, or those named."""
    found: Found = []
    with running() as redis:
        stage = Stage(redis, directory)
        await in_thread(prepare)(stage)
        for name in wanted or SCENARIOS:
            print(f"live: {name} …", file=sys.stderr, flush=True)
            await in_thread(lambda: Topic.objects.filter(name__startswith="stage:").delete())()
            found += await SCENARIOS[name](stage)
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))))
