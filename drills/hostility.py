"""G3 and G4: large, slow and countless requests cost those who send them, not those who read.

Against the trial's own server and through the shipped nginx: bodies of 300 MB, 200 bodies and 1,000 headers that drip,
headers of 64 kB, 100 wrong sign-ins a second; a member reads meanwhile. Attackers come from 127.0.0.2.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import secrets
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from drills._portal import FORM, PROJECT, Portal, browser, portal, sign_in
from drills.report import Report
from tests.deploy.proxy import NO_NGINX, deployed, nginx

ATTACKER = "127.0.0.2"
CUT_SECONDS, P95_SECONDS, GROWTH_MB = 30, 1.0, 30
DRIPS, HALVES = 200, 1000
GUESSES_A_SECOND, GUESS_SECONDS = 100, int(os.environ.get("DRILL_GUESS_SECONDS", "60"))
ACCOUNTS = """
from portal.demonstration.accounts import PASSWORD, accounts_shown
for shown in accounts_shown():
    print(shown.person.email, shown.code or "-", PASSWORD)
"""


@dataclass
class Target:
    """A portal under attack."""

    name: str
    address: str
    port: int
    certificate: str
    temporary: Path

    @property
    def trust(self) -> ssl.SSLContext | bool:
        """What httpx verifies with."""
        return ssl.create_default_context(cafile=self.certificate) if self.certificate else True

    def connect(self) -> socket.socket:
        """A connection of the attacker's."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(ATTACKER, 0))
        if not self.certificate:
            return plain
        assert isinstance(self.trust, ssl.SSLContext)
        return self.trust.wrap_socket(plain, server_hostname="localhost")

    def head(self, length: int) -> bytes:
        """Of a post with so many bytes."""
        return (
            f"POST /accounts/login/ HTTP/1.1\r\nHost: localhost:{self.port}\r\nContent-Length: {length}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        ).encode()


def run() -> Report:
    """First without, then with the proxy."""
    report = Report("hostility")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    try:
        with portal() as one:
            temporary = one.data.parent / "temporary"
            temporary.mkdir(mode=0o777)
            one.more = {"TMPDIR": str(temporary)}
            one.must("database", "start")
            one.fill()
            with one.serving():
                _attack(Target("trial", one.address, one.port, "", temporary), one, report)
            if nginx() is None:
                report.figures["through nginx"] = f"not tried: {NO_NGINX}"
                return report
            directory = one.data.parent / "deployed"
            own = {key: value for key, value in one.environment.items() if key not in {"PATH", "HOME", "PORT"}}
            with deployed(directory, own) as running:
                certificate = str(directory / "certificate.pem")
                _attack(Target("nginx", running.address, running.https, certificate, temporary), one, report)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return report


def _attack(target: Target, one: Portal, report: Report) -> None:
    accounts = [line.split() for line in one.must("shell", "--verbosity=0", "--command", ACCOUNTS).splitlines()]
    member = next(line for line in accounts if len(line) == 3 and line[1] == "-")
    with browser(target.address, verify=target.trust) as client:
        if not report.expect(f"{target.name}: a member signed in", sign_in(client, member[0], member[2])):
            return
        cookies = dict(client.cookies)
    attacks: dict[str, Callable[[Target, Report], None]] = {
        "nobody attacks": lambda _target, _report: time.sleep(8),
        "bodies of 300 MB": _huge,
        f"{DRIPS} bodies that drip": _drips,
        f"{HALVES} half headers": _halves,
        f"{GUESSES_A_SECOND} wrong sign-ins a second for {GUESS_SECONDS} s": _guesses,
    }
    _long_headers(target, report)
    for what, attack in attacks.items():
        with _reading(target, cookies) as seen:
            attack(target, report)
        holds = seen["wrong"] == 0 and (seen["p95"] <= P95_SECONDS or what == "nobody attacks")
        p95, p50 = round(seen["p95"] * 1000), round(seen["p50"] * 1000)
        figure = f"p95 {p95} ms, p50 {p50} ms, {seen['pages']} pages, {seen['wrong']} wrong"
        report.expect(f"{target.name}: a member while {what}", holds, figure)


@contextmanager
def _reading(target: Target, cookies: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A member reads until the block ends; then what they saw is in the dictionary."""
    reader = subprocess.Popen(
        [sys.executable, "-m", "drills._member"], cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reader.stdin is not None
    reader.stdin.write(
        json.dumps({"address": target.address, "cookies": cookies, "certificate": target.certificate}) + "\n"
    )
    reader.stdin.flush()
    seen: dict[str, Any] = {}
    try:
        yield seen
    finally:
        said, _nothing = reader.communicate(timeout=120)
        seen |= json.loads(said)


def _huge(target: Target, report: Report) -> None:
    """With and without a length that says so beforehand."""
    growth = _Growth(target.temporary)
    with growth:
        began = time.monotonic()
        chunked = target.head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        taken = sum(_push(target, head) for head in (target.head(300_000_000), chunked) * 2) / 1e6
        seconds = time.monotonic() - began
    cut = seconds <= CUT_SECONDS and taken <= GROWTH_MB
    report.expect(f"{target.name}: four bodies of 300 MB cut after", cut, f"{seconds:.1f} s, {taken:.1f} MB sent")
    grown = growth.most <= GROWTH_MB
    report.expect(f"{target.name}: the disk grew meanwhile by at most", grown, f"{growth.most:.1f} MB")


def _push(target: Target, head: bytes) -> int:
    """Send until it is refused, as a browser does; returns how many bytes went."""
    chunked, part, sent = b"chunked" in head, b"x" * 65536, 0
    with contextlib.suppress(OSError), contextlib.closing(target.connect()) as opened:
        opened.sendall(head)
        while sent < 300_000_000:
            opened.settimeout(0.02)
            if _is_over(opened, b""):
                break
            opened.settimeout(10)
            opened.sendall(b"10000\r\n" + part + b"\r\n" if chunked else part)
            sent += len(part)
    return sent


class _Growth:
    """How much more lies in a directory than at first, at most, in MB; looked at five times a second."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.most, self.stop = directory, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def _size(self) -> float:
        total = 0
        for path in self.directory.rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size
        return total / 1e6

    def _watch(self) -> None:
        first = self._size()
        while not self.stop.wait(0.2):
            self.most = max(self.most, self._size() - first)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        self.thread.join()


def _drips(target: Target, report: Report) -> None:
    _slow(target, report, f"{DRIPS} dripping bodies cut after", DRIPS, target.head(50_000), b"x")


def _halves(target: Target, report: Report) -> None:
    head = f"GET / HTTP/1.1\r\nHost: localhost:{target.port}\r\n".encode()
    _slow(target, report, f"{HALVES} half headers cut after", HALVES, head, b"X-More: y\r\n")


def _slow(target: Target, report: Report, what: str, number: int, head: bytes, more: bytes) -> None:
    """Open them all, then a little more on each every four seconds, until the last was cut."""
    opened: list[socket.socket] = []
    began = time.monotonic()
    for _ in range(number):
        with contextlib.suppress(OSError):
            one = target.connect()
            one.sendall(head)
            one.setblocking(False)
            opened.append(one)
    reached, turn = len(opened), 0.0
    last_began = time.monotonic()
    while opened and time.monotonic() - last_began < 2 * CUT_SECONDS:
        for one in list(opened):
            if _is_over(one, more if time.monotonic() - turn > 4 else b""):
                one.close()
                opened.remove(one)
        turn = time.monotonic() if time.monotonic() - turn > 4 else turn
        time.sleep(0.1)
    seconds = time.monotonic() - last_began
    for one in opened:
        one.close()
    report.expect(f"{target.name}: {what}", not opened and seconds <= CUT_SECONDS,
                  f"{seconds:.1f} s ({reached} opened in {last_began - began:.1f} s, {len(opened)} left)")  # fmt: skip


def _is_over(one: socket.socket, more: bytes) -> bool:
    try:
        if more:
            one.sendall(more)
        one.recv(4096)
    except (BlockingIOError, TimeoutError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    return True  # an answer or an end


def _long_headers(target: Target, report: Report) -> None:
    with contextlib.closing(target.connect()) as opened:
        opened.sendall(f"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {'x' * 65_536}\r\n\r\n".encode())
        status = int(opened.recv(4096).split(b" ")[1])
    report.expect(f"{target.name}: 64 kB of headers answered", status == 431, status)


def _guesses(target: Target, report: Report) -> None:
    answers = asyncio.run(_guess(target))
    report.figures[f"{target.name}: answers to wrong sign-ins"] = ", ".join(
        f"{count} × {status or 'none'}" for status, count in sorted(answers.items())
    )
    worked = answers[200] + answers[400]
    report.expect(f"{target.name}: guesses that cost a hash", worked <= 100 + 1.5 * GUESS_SECONDS, worked)


async def _guess(target: Target) -> Counter[int]:
    """So many a second from one address, each with a form that is right but for the password."""
    answers: Counter[int] = Counter()
    transport = httpx.AsyncHTTPTransport(
        local_address=ATTACKER, verify=target.trust, limits=httpx.Limits(max_connections=60)
    )
    async with httpx.AsyncClient(base_url=target.address, transport=transport, timeout=20) as client:
        page = await client.get("/accounts/login/")
        fields = dict(FORM.findall(page.text))
        origin = {"Origin": target.address, "Referer": f"{target.address}/accounts/login/"}

        async def one(number: int) -> None:
            fields_of_one = {**fields, "login": f"nobody{number}@example.org", "password": secrets.token_hex()}
            if "idempotency_key" in fields:
                fields_of_one["idempotency_key"] = secrets.token_urlsafe(16)
            try:
                answer = await client.post("/accounts/login/", data=fields_of_one, headers=origin)
                answers[answer.status_code] += 1
            except httpx.HTTPError:
                answers[0] += 1

        running: set[asyncio.Task[None]] = set()
        began = time.monotonic()
        for number in range(GUESSES_A_SECOND * GUESS_SECONDS):
            await asyncio.sleep(max(0.0, began + number / GUESSES_A_SECOND - time.monotonic()))
            task = asyncio.create_task(one(number))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
    return answers
