"""A web server on the test's own database, and what a browser sends to it, byte by byte where that matters."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from portal.idempotency.keys import FIELD
from tests.factories.accounts import PASSWORD

PROJECT = Path(__file__).resolve().parents[3]
START_SECONDS = 60


@contextmanager
def serving() -> Iterator[int]:
    """The port of daphne with the whole application, in a process of its own."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "portal.asgi:application"],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_address()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def database_address() -> str:
    """The test's own database, for another process."""
    known = connection.settings_dict
    user, password = quote(known["USER"] or "", safe=""), quote(known["PASSWORD"] or "", safe="")
    place = f":{known['PORT'] or 5432}/{quote(known['NAME'])}?host={quote(known['HOST'] or '', safe='/')}"
    return f"postgresql://{user}{':' if password else ''}{password}@{place}"


class Browser:
    """One device: signs in where the test runs, and then speaks to the server with its cookie."""

    def __init__(self, port: int, person: object | None = None) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        if person is not None:
            client = Client()
            client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
            self.session = self.cookies[settings.SESSION_COOKIE_NAME] = client.session.session_key

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        with closing(HTTPConnection("localhost", self.port, timeout=20)) as http:
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            http.request(method, path, body or None, headers)
            answer = http.getresponse()
            for given in answer.msg.get_all("Set-Cookie") or ():
                name, _equals, value = given.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def form(self, page: str, **values: str) -> str:
        """What the form of `page` would send with these values: with its token, and its key."""
        found = self.ask("GET", page)[2]
        hidden = {
            name: re.findall(rf'name="{name}" value="([^"]+)"', found)[-1] for name in ("csrfmiddlewaretoken", FIELD)
        }
        return urlencode({**hidden, **values})

    def begin(self, path: str, body: str, sent: int) -> socket.socket:
        """A request of which only the first `sent` bytes of the body have gone."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: {self.cookie}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        raw.sendall(head.encode() + body[:sent].encode())
        return raw

    def listen(self) -> ClientConnection:
        """The live socket of a tab."""
        origin = f"http://localhost:{self.port}"
        return connect(
            f"ws://localhost:{self.port}/live/", origin=origin, additional_headers={"Cookie": self.cookie}, proxy=None
        )


def rest(raw: socket.socket, body: str) -> str:
    """Send what is left of a request and read the answer's head."""
    with closing(raw):
        raw.sendall(body.encode())
        found = b""
        while part := raw.recv(65536):
            found += part
    return found.split(b"\r\n\r\n")[0].decode("latin-1")


def closing_of(listening: ClientConnection, seconds: float) -> int | None:
    """The code with which the server closes the socket within so many seconds; None where it stays open."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        try:
            listening.recv(timeout=left)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
        except TimeoutError:
            break
    return None
