"""The scenario: start the servers of one row, open the sockets, speak, and count what arrives and what it costs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.fanout.listener import Heard, Listener, listening
from portal.idempotency.keys import new_key

PROJECT = Path(__file__).resolve().parents[2]
HOST, TOPIC = "127.0.0.1", "stage:1"
SPEAKERS, PER_PERSON = 10, 25  # limits of the portal: 3 commands a second and 30 sockets for each person
SETTLE, DRAIN = 2.0, 10.0
TICK = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


@dataclass(frozen=True)
class Row:
    """What is measured: which server, how many processes (with Redis between where more than one), how many sockets."""

    server: str
    processes: int
    sockets: int


@dataclass
class Figures:
    """What came of it. CPU in microseconds of the servers for each delivery; `writes` is the part of the writing."""

    server: str
    processes: int
    sockets: int
    wanted: int
    delivered: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float
    writes: float
    memory: float
    lost_connections: int

    @property
    def fan_out(self) -> float:
        """CPU without that of writing the messages, which is the same however many listen."""
        return max(0.0, self.cpu - self.writes)


def measured(row: Row, cookies: Sequence[str], environment: Mapping[str, str], seconds: float, rate: float) -> Figures:
    """One row."""
    with servers(row, environment) as started:
        return asyncio.run(_measured(row, started, cookies, seconds, rate))


async def _measured(
    row: Row, started: list[tuple[int, int]], cookies: Sequence[str], seconds: float, rate: float
) -> Figures:
    ports, pids = [port for port, _pid in started], [pid for _port, pid in started]
    heard = Heard()
    speakers = [await _open(row, ports[0], cookies[number], None) for number in range(SPEAKERS)]
    writing, _spoken = await _speak(row, speakers, pids, seconds / 4, rate)  # with nobody who listens
    subscription = "" if row.server == "websockets" else json.dumps({"do": "subscribe", "topic": TOPIC, "since": None})
    for first in range(0, row.sockets, 50):
        await asyncio.gather(*(
            _open(row, ports[number % len(ports)], cookies[SPEAKERS + number // PER_PERSON], heard, subscription)
            for number in range(first, min(first + 50, row.sockets))
        ))  # fmt: skip
    await asyncio.sleep(SETTLE)
    heard.counting = True
    began = time.monotonic()
    busy, spoken = await _speak(row, speakers, pids, seconds, rate)
    in_time = len(heard.times)
    elapsed = time.monotonic() - began
    wanted = spoken * row.sockets
    for _ in range(int(DRAIN * 10)):
        if len(heard.times) >= wanted:
            break
        await asyncio.sleep(0.1)
    times = sorted(heard.times)
    # The limit has no writing to take off: whatever it does is telling.
    writes = 0.0 if row.server == "websockets" else writing / (seconds / 4) * seconds / max(wanted, 1) * 1e6
    return Figures(
        **asdict(row), wanted=wanted, delivered=len(times), per_second=in_time / elapsed,
        p50=_quantile(times, 0.5), p95=_quantile(times, 0.95), p99=_quantile(times, 0.99),
        cpu=busy / max(len(times), 1) * 1e6, writes=writes, memory=sum(map(_resident, pids)) / 2**20,
        lost_connections=heard.lost_connections,
    )  # fmt: skip


async def _open(row: Row, port: int, cookie: str, heard: Heard | None, first: str = "") -> Listener:
    return await listening(f"{HOST}:{port}", "/live/", cookie, heard, first)


async def _speak(
    row: Row, speakers: Sequence[Listener], pids: list[int], seconds: float, rate: float
) -> tuple[float, int]:
    """Say so many messages a second. Returns the seconds of CPU that the servers used meanwhile, and how many."""
    before, began, count = _cpu(pids), time.monotonic(), int(seconds * rate)
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        data = {"stage": 1, "id": time.monotonic_ns()}
        frame = {"do": "command", "name": "line.write", "key": new_key(), "data": data}
        speakers[number % len(speakers)].say(json.dumps(frame, separators=(",", ":")))
    await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
    return _cpu(pids) - before, count


@contextmanager
def servers(row: Row, environment: Mapping[str, str]) -> Iterator[list[tuple[int, int]]]:
    """The servers' ports and process ids; they have all cores but the last, which is ours."""
    started: list[subprocess.Popen[bytes]] = []
    ports = [_free_port() for _ in range(row.processes)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        commands = [_command(row.server, port) for port in ports]
        started += [subprocess.Popen(command, cwd=PROJECT, env=dict(environment), **quiet) for command in commands]
        _share_the_cores([process.pid for process in started])
        for port in ports:
            _wait_for(port)
        yield [(port, process.pid) for port, process in zip(ports, started, strict=True)]
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(server: str, port: int) -> list[str]:
    if server == "websockets":
        return [sys.executable, "-m", "benchmarks.fanout.limit", str(port)]
    if server == "daphne":
        return [sys.executable, "-m", "benchmarks.fanout.serve", str(port)]
    return [
        sys.executable, "-m", "uvicorn", "benchmarks.fanout.application:application", "--host", HOST,
        "--port", str(port), "--ws-per-message-deflate", "false", "--lifespan", "off", "--log-level", "error",
    ]  # fmt: skip


def _cpu(pids: list[int]) -> float:
    found = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found += (int(fields[11]) + int(fields[12])) / TICK
    return found


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _quantile(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] if times else float("nan")


def _share_the_cores(pids: list[int]) -> None:
    if len(CORES) > 1:
        os.sched_setaffinity(0, {CORES[-1]})
        for pid in pids:
            os.sched_setaffinity(pid, set(CORES[:-1]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("A server did not start within 60 seconds.")
