"""The wall at daphne, over real sockets: what is too large or too slow is cut before it costs anything."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

PROJECT = Path(__file__).resolve().parents[3]
FASTER = 10


@contextmanager
def serving(faster):
    """The port of a server whose times are divided by `faster`."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.edge.sample", str(number), str(faster)],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_LEVEL": "CRITICAL"},
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                break
        time.sleep(0.05)
    try:
        yield number
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def port():
    with serving(FASTER) as number:
        yield number


@pytest.fixture
def patient_port():
    """Of a server that waits long enough for all connections of a test to be there at once, on any machine."""
    with serving(1) as number:
        yield number


def open_connection(port):
    return closing(socket.create_connection(("127.0.0.1", port), timeout=20))


def answer(connection):
    """All that comes until the other side ends."""
    found = b""
    while part := connection.recv(65536):
        found += part
        head, end, body = found.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]):
            break
    return found


def status(found):
    return int(found.split(b" ", 2)[1]) if found else None


def ask(port, request):
    with open_connection(port) as connection:
        connection.sendall(request)
        return answer(connection)


def post(path, length, *, session=False, more=b""):
    cookie = b"Cookie: session=x\r\n" if session else b""
    return b"POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n%s\r\n" % (path, cookie, length, more)


def test_an_ordinary_request_passes(port):
    found = ask(port, post(b"/accounts/login/", 5) + b"12345")

    assert status(found) == 200
    assert b"5 bytes" in found


@pytest.mark.parametrize(
    ("path", "length", "session", "wanted"),
    [
        (b"/nowhere/", 20_000, True, 413),
        (b"/nowhere/", 10_000, False, 200),
        (b"/accounts/login/", 70_000, False, 413),
        (b"/accounts/login/", 300_000_000, True, 413),
        (b"/accounts/login/", 60_000, False, 200),
        (b"/organisations/some/edit/", 2_000_000, True, 200),
        (b"/organisations/some/edit/", 2_600_000, True, 413),
        (b"/organisations/some/edit/logo/", 6_000_000, True, 200),
        (b"/organisations/some/edit/logo/", 6_000_000, False, 413),
        (b"/organisations/some/edit/logo/", 13_000_000, True, 413),
        (b"/groups/some/files/upload/", 50_500_000, True, 200),
        (b"/groups/some/files/upload/", 51_000_001, True, 413),
        (b"/groups/some/files/upload/", 2_000_000_000, True, 413),
        (b"/groups/some/files/12/version/", 2_000_000_000, True, 413),
        (b"/groups/some/files/upload/", 65_000, False, 413),
        (b"/members/import/", 6_000_000, True, 200),
    ],
)
def test_bodies_are_limited_by_where_they_go(path, length, session, wanted, port):
    with open_connection(port) as connection:
        connection.sendall(post(path, length, session=session))
        if wanted == 200:
            connection.sendall(b"x" * length)
        found = answer(connection)  # a refusal comes before one byte of the body was sent

    assert status(found) == wanted


def test_a_chunked_body_is_counted(port):
    with open_connection(port) as connection:
        connection.sendall(b"POST /nowhere/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall((b"1000\r\n" + b"x" * 4096 + b"\r\n") * 5)

        assert status(answer(connection)) == 413


def test_a_dripping_body_is_cut(port):
    with open_connection(port) as connection:
        connection.sendall(post(b"/accounts/login/", 5000))
        began = time.monotonic()
        while time.monotonic() - began < 20:
            try:
                connection.sendall(b"x")
            except OSError:
                break
            connection.settimeout(0.25)
            try:
                found = connection.recv(4096)
            except TimeoutError:
                continue
            break

    assert status(found) == 408
    assert time.monotonic() - began < 30 / FASTER + 3  # it looks every two seconds


def test_dripping_headers_are_cut(port):
    with open_connection(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        began = time.monotonic()
        found = b""
        connection.settimeout(0.25)
        while not found and time.monotonic() - began < 20:
            connection.sendall(b"X: y\r\n")
            try:
                found = connection.recv(4096)
            except TimeoutError:
                continue

    assert status(found) == 408


def test_a_connection_that_says_nothing_is_cut(port):
    with open_connection(port) as connection:
        connection.settimeout(10)

        assert status(answer(connection)) in {None, 408}


@pytest.mark.parametrize(
    "headers",
    [b"X-Long: " + b"x" * 64_000 + b"\r\n", b"".join(b"X-%d: y\r\n" % number for number in range(200))],
)
def test_large_headers_are_refused(headers, port):
    found = ask(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Language: fr\r\n" + headers + b"\r\n")

    assert status(found) == 431
    assert b"default-src 'none'" in found


def test_the_refusal_is_in_the_language_asked_for(port):
    found = ask(port, post(b"/nowhere/", 20_000, more=b"Accept-Language: ar\r\n"))

    assert b'lang="ar" dir="rtl"' in found


def test_other_methods_are_refused(port):
    for method in (b"TRACE", b"PUT", b"DELETE", b"OPTIONS", b"PROPFIND"):
        found = ask(port, method + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n")

        assert status(found) == 405
        assert b"allow: get, head, post" in found.lower()


def test_half_headers_take_only_so_many_places(patient_port):
    """From one address; another one is answered meanwhile."""
    port = patient_port
    other = ("127.0.0.2", 0)
    half = [socket.create_connection(("127.0.0.1", port), timeout=20, source_address=other) for _ in range(220)]
    try:
        for connection in half:
            with suppress(OSError):
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        half[-1].settimeout(10)
        refused = half[-1].recv(4096)
        passed = ask(port, post(b"/accounts/login/", 5) + b"12345")
    finally:
        for connection in half:
            connection.close()

    assert status(refused) == 503
    assert status(passed) == 200


def test_a_large_frame_closes_the_socket(port):
    with connect(f"ws://127.0.0.1:{port}/live/", proxy=None) as opened:
        opened.send("x" * 1_000_000)
        assert opened.recv() == "1000000"
        opened.send("x" * 1_100_000)
        with pytest.raises(ConnectionClosed):
            opened.recv()


def test_a_fault_around_the_application_is_answered_with_the_headers(port):
    found = ask(port, b"GET /fails/ HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert status(found) == 500
    assert b"default-src 'none'" in found
