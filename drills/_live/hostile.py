"""G2 and D2: sockets that never read, and frames that nobody should send."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from contextlib import suppress

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from drills._live.stage import PEOPLE, Found, Stage, all_have, numbers, two
from portal.live import limits
from tests.portal.live.servers import Web, serving
from tests.portal.live.test_frames import frame_of

FRAMES = int(os.environ.get("DRILL_LIVE_FRAMES", "10000"))


async def deaf(stage: Stage) -> Found:
    """G2: 50 sockets that never read, 500 messages a second; daphne by itself keeps all of it in memory (M5)."""
    found: Found = []
    for kind in ("daphne", "uvicorn"):
        with serving(kind, stage.directory, stage.given()) as web:
            good = await stage.open([web], 5, "stage:3", since=(await numbers("stage:3") or [0])[-1])
            before, silent = web.resident, [await _deaf(web, stage.cookies[2 + number // 25]) for number in range(50)]
            times: list[float] = []
            for number in range(60):
                began = time.monotonic()
                await good[number % 5].send("line.write", stage=3, count=250, id=number)
                last = (await numbers("stage:3") or [0])[-1]
                await all_have(good, last, 20)
                times.append(time.monotonic() - began)
                await asyncio.sleep(max(0.0, 0.5 - times[-1]))
            growth = (web.resident - before) / 2**20
            await asyncio.sleep(limits.PATIENCE_SECONDS / 2)
            shut = sum(_is_shut(writer) for _reader, writer in silent)
            p95 = sorted(times)[int(len(times) * 0.95)]
            for _reader, writer in silent:
                writer.transport.abort()
            await stage.close()
        found += [
            (f"G2, {kind}: MB of growth with 50 that never read (64)", growth <= 64, round(growth)),
            (f"G2, {kind}: seconds for the others to have 250 messages, p95 (1)", p95 <= 1, round(p95, 2)),
            (f"G2, {kind}: of the 50 closed", shut == 50, shut),
        ]
    return found


async def _deaf(web: Web, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A socket that subscribes and then reads nothing, ever."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port, limit=2**10)
    writer.write(
        f"GET /live/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nCookie: {cookie}\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://localhost\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    said = json.dumps({"do": "subscribe", "topic": "stage:3", "since": None}).encode()
    writer.write(bytes([0x81, 0x80 | len(said), 0, 0, 0, 0]) + said)
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's can
    return reader, writer


def _is_shut(writer: asyncio.StreamWriter) -> bool:
    """Whether the server has let go: what is written into it fails."""
    try:
        for _ in range(3):
            writer.transport.get_extra_info("socket")._sock.send(b"\x8a\x80\0\0\0\0")
            time.sleep(0.01)
    except OSError:
        return True
    return False


async def fuzz(stage: Stage) -> Found:
    """D2: frames that nobody should send."""
    dice, codes, sent = random.Random("live"), [], 0
    async with two(stage) as webs:
        before = [web.resident for web in webs]
        topics = ("stage:9", "directory", "inbox:1", "rights:1")
        while sent < FRAMES:
            web = webs[len(codes) % 2]
            headers = {"Cookie": stage.cookies[len(codes) % PEOPLE]}
            async with connect(web.socket_address, origin="http://localhost", additional_headers=headers) as socket:
                with suppress(ConnectionClosed):
                    for _ in range(50):
                        frame = frame_of(dice, name="line.write", topics=topics)
                        await socket.send(frame.encode() if dice.random() < 0.02 else frame)
                        sent += 1
                    await socket.send("the end")
                    async with asyncio.timeout(20):
                        while True:
                            await socket.recv()
            codes.append(socket.close_code)
        growth = max((web.resident - old) / 2**20 for web, old in zip(webs, before, strict=True))
        said = "".join(web.log.read_text(encoding="utf-8", errors="replace") for web in webs)
    tracebacks = said.count("Traceback")
    known = {limits.UNREADABLE, limits.TOO_LARGE, limits.UNKNOWN, limits.TOO_OFTEN, limits.TOO_MANY}
    return [
        ("D2: frames", sent >= FRAMES, sent),
        ("D2: closed with a code that is no word of the protocol", set(codes) <= known, str(set(codes) - known)),
        ("D2: tracebacks", tracebacks == 0, tracebacks),
        ("D2: MB of growth (20)", growth < 20, round(growth, 1)),
    ]
