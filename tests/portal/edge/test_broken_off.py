"""An answer that cannot go on: the connection is cut, and nobody waits for the rest or takes a half for the whole."""

import time

import httpx
import pytest

from tests.portal.edge.test_server import open_connection, serving


@pytest.fixture(scope="module")
def port():
    with serving(1) as number:
        yield number


# The one fails in the middle, the other ends before all that it announced.
@pytest.mark.parametrize("path", ["/breaks/", "/ends/"])
def test_it_is_cut_at_once_and_not_taken_for_whole(path, port):
    began = time.monotonic()

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        httpx.get(f"http://127.0.0.1:{port}{path}", timeout=60)

    assert time.monotonic() - began < 20  # the server would let it hang for a minute


@pytest.mark.parametrize("path", ["/breaks/", "/ends/"])
def test_no_answer_follows_on_the_same_connection(path, port):
    with open_connection(port) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        found = b""
        while piece := connection.recv(65_536):
            found += piece

    assert found.count(b"HTTP/1.1") == 1
    assert found.endswith(b"half")


def test_the_server_goes_on(port):
    assert httpx.get(f"http://127.0.0.1:{port}/").text == "0 bytes"
