"""``python -m benchmarks.fanout.limit PORT``: the least that can be done, on the library `websockets` alone.

Whatever a client says is told to all in frames like ours, without a question. No rights, no database, no window.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count

from websockets.asyncio.server import ServerConnection, broadcast, serve

everybody: set[ServerConnection] = set()
numbers = count(1)


async def hear(connection: ServerConnection) -> None:
    """One client."""
    everybody.add(connection)
    try:
        async for text in connection:
            frame = json.loads(text)
            if frame["do"] == "command":
                data = {"id": frame["data"]["id"], "place": 0}
                html = {"line": f'<li id="line-{data["id"]}">en player</li>'}
                event = {
                    "topic": "stage:1",
                    "number": next(numbers),
                    "kind": "line.written",
                    "data": data,
                    "html": html,
                }
                broadcast(everybody, json.dumps(event, separators=(",", ":")))
    finally:
        everybody.discard(connection)


async def main(port: int) -> None:
    async with serve(hear, "127.0.0.1", port, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
