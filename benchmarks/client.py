"""A small HTTP client that spends its time waiting: several connections that each ask, wait and ask again."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from statistics import median
from urllib.parse import urlencode

HOST = "127.0.0.1"
CSRF = "benchmarkbenchmarkbenchmarkbench"  # 32 characters, as cookie and in the form
KEY = "idempotencykeyidempotencykeyidem"  # 32 characters, another one each time the form is sent


@dataclass
class Sample:
    """What one window of measuring saw; times in seconds."""

    seconds: float
    times: list[float] = field(default_factory=list)
    bad: int = 0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """The time within which `share` of the answers came, in milliseconds."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def get(port: int, path: str, cookie: str = "") -> bytes:
    """A GET request."""
    cookies = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/html,*/*\r\n"
        f"Accept-Encoding: gzip\r\n{cookies}\r\n"
    ).encode()


def sign_in(port: int, path: str, address: str, password: str) -> bytes:
    """A request that signs in."""
    fields = {"login": address, "password": password, "csrfmiddlewaretoken": CSRF, "idempotency_key": KEY}
    body = urlencode(fields)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/html,*/*\r\nCookie: csrftoken={CSRF}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def window(port: int, requests: Sequence[bytes], seconds: float, connections: int, status: int) -> Sample:
    """Ask for `seconds` over so many connections; `requests` are spread over them in turn."""
    started = time.perf_counter()
    sample = Sample(seconds=0)
    workers = [
        _worker(port, requests[number % len(requests)], started + seconds, status, sample)
        for number in range(connections)
    ]
    await asyncio.gather(*workers)
    sample.seconds = time.perf_counter() - started
    return sample


async def alone(port: int, request: bytes, times: int, status: int) -> float:
    """The median time of one request at a time, in milliseconds."""
    sample = Sample(seconds=0)
    for _ in range(times):
        await _worker(port, request, 0, status, sample)
    return median(sample.times) * 1000 if sample.times else 0.0


async def cookie_of(port: int, request: bytes) -> str:
    """The session that a signing-in request begins."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(request.replace(KEY.encode(), token_hex(16).encode()))
    status, headers = await _answer(reader)
    writer.close()
    cookies = [value.split(";")[0] for name, value in headers if name == "set-cookie"]
    session = [cookie for cookie in cookies if cookie.startswith("session=")]
    if status != 302 or not session:
        raise SystemExit(f"Signing in answered {status}.")
    return session[0]


async def _worker(port: int, request: bytes, end: float, status: int, sample: Sample) -> None:
    """Ask at least once, then until `end`."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        while True:
            began = time.perf_counter()
            writer.write(request.replace(KEY.encode(), token_hex(16).encode()))
            answered, headers = await _answer(reader)
            sample.times.append(time.perf_counter() - began)
            sample.bad += answered != status
            if time.perf_counter() >= end:
                return
            if ("connection", "close") in headers:
                writer.close()
                reader, writer = await asyncio.open_connection(HOST, port)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, list[tuple[str, str]]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    lines = [line.partition(":") for line in head[1:] if line]
    headers = [(name.strip().lower(), value.strip()) for name, _colon, value in lines]
    named = dict(headers)
    if named.get("transfer-encoding", "").lower() == "chunked":
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif length := int(named.get("content-length", "0")):
        await reader.readexactly(length)
    return status, headers
