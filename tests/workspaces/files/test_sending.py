"""An upload on its way through the server of production: broken off, whole, too much; what that takes of memory."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from portal.files.models import StoredFile
from tests.factories.clubs import make_club
from tests.factories.files import file as a_file
from tests.portal.accounts.server import PROJECT, Browser, database_address
from workspaces.files.models import GroupFile

pytestmark = pytest.mark.django_db(transaction=True)

BOUNDARY = "----a-boundary-of-a-browser"
LINE = b"A line of text that is long enough.\n"
PIECE = LINE * 10_000
MOST_MORE_MEMORY = 60_000_000


@pytest.fixture
def coming(tmp_path, monkeypatch):
    """Where uploads wait while they come."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@contextmanager
def serving():
    """The port and the process of `manage.py serve`."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_address()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


class Sender:
    """A person whose browser has the form open."""

    def __init__(self, port, person, page):
        self.browser, self.page = Browser(port, person), page
        # The form's own fields, as it stands on the page.
        self.fields = [pair.split("=") for pair in self.browser.form(page).split("&")]

    def parts(self, pieces, *, whole=True):
        """The body of the form, with a text of so many pieces."""
        head = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in self.fields
        )
        head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="uploads"; filename="long.txt"\r\n'
        yield (head + "Content-Type: text/plain\r\n\r\n").encode()
        for _ in range(pieces):
            yield PIECE
        if whole:
            yield f"\r\n--{BOUNDARY}--\r\n".encode()

    def begin(self, length):
        """The head of the request."""
        return self.begin_at(self.browser, self.page, length)

    @staticmethod
    def begin_at(browser, page, length):
        """The head of a request to a page that nobody need have opened."""
        raw = socket.create_connection(("127.0.0.1", browser.port), timeout=60)
        raw.sendall(
            f"POST {page} HTTP/1.1\r\nHost: localhost\r\nCookie: {browser.cookie}\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n".encode()
        )
        return raw

    def send(self, parts):
        """The status of the answer to the whole."""
        parts = list(parts)
        with closing(self.begin(sum(map(len, parts)))) as raw:
            for part in parts:
                raw.sendall(part)
            found = b""
            while piece := raw.recv(65_536):
                found += piece
        return int(found.split(b" ", 2)[1])


@pytest.fixture
def club():
    return make_club()


def kept_rows():
    return GroupFile.objects.count(), StoredFile.objects.count()


def waiting(directory):
    """What lies there once the server has had a moment to tidy."""
    deadline = time.monotonic() + 10
    while (found := [path for path in Path(directory).iterdir() if path.suffix == ".upload" or path.is_file()]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.1)
    return found


def test_what_is_cut_half_way_leaves_nothing_and_what_is_whole_is_there_whole(club, coming):
    page = f"/groups/{club.group.slug}/files/upload/"
    with serving() as (port, _process):
        sender = Sender(port, club.sam, page)
        half = list(sender.parts(14, whole=False))
        with closing(sender.begin(2 * sum(map(len, half)))) as raw:
            for part in half:
                raw.sendall(part)
        assert waiting(coming) == []
        assert kept_rows() == (0, 0)

        # The length is right and the form is not whole: half a file is not taken for a file.
        assert sender.send(half) in {400, 422}
        assert waiting(coming) == []
        assert kept_rows() == (0, 0)

        assert sender.send(sender.parts(14)) == 302
        assert waiting(coming) == []
        assert kept_rows() == (1, 1)
        assert GroupFile.objects.get().newest.size == 14 * len(PIECE)


def test_a_large_upload_and_download_are_never_held_whole(club, coming):
    """Nor where the reader is slow, for whom others would pay."""
    page = f"/groups/{club.group.slug}/files/upload/"
    with serving() as (port, process):
        sender = Sender(port, club.sam, page)
        assert sender.send(sender.parts(3)) == 302
        before = process.memory_info().rss

        sender = Sender(port, club.sam, page)
        assert sender.send(sender.parts(138)) == 302

        stored = GroupFile.objects.select_related("newest__stored").order_by("-pk").first().newest.stored
        assert stored.size == 138 * len(PIECE)  # 49.7 MB
        assert process.memory_info().rss - before < MOST_MORE_MEMORY
        with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as raw:
            raw.sendall(
                f"GET {stored.get_absolute_url()} HTTP/1.1\r\nHost: localhost\r\n"
                f"Cookie: {sender.browser.cookie}\r\nConnection: close\r\n\r\n".encode()
            )
            time.sleep(3)
            assert process.memory_info().rss - before < MOST_MORE_MEMORY
            head, digest = b"", hashlib.sha256()
            while b"\r\n\r\n" not in head:
                head += raw.recv(65_536)
            digest.update(head.partition(b"\r\n\r\n")[2])
            while piece := raw.recv(65_536):
                digest.update(piece)

    assert digest.hexdigest() == stored.sha256


def test_two_gigabytes_are_refused_before_they_are_read(club, coming):
    file = a_file(club.group)
    with serving() as (port, _process):
        browser = Browser(port, club.sam)
        for page in (f"/groups/{club.group.slug}/files/upload/", f"{file.get_absolute_url()}version/"):
            with closing(Sender.begin_at(browser, page, 2_000_000_000)) as raw:
                answer = raw.recv(65_536)  # nothing of the body has gone

            assert answer.startswith(b"HTTP/1.1 413 ")
    assert settings.UPLOAD_MOST_MB == 50
    assert kept_rows() == (1, 1)


def test_where_there_is_no_room_for_what_comes_that_is_said(club, coming):
    """F8: the system refuses to write more than so much into one file, as it would on a full disk."""
    page = f"/groups/{club.group.slug}/files/upload/"
    with serving() as (port, process):
        sender = Sender(port, club.sam, page)
        process.rlimit(psutil.RLIMIT_FSIZE, (1_000_000, psutil.RLIM_INFINITY))
        parts = list(sender.parts(10))
        with closing(sender.begin(sum(map(len, parts)))) as raw:
            with suppress(OSError):  # it need not listen to the end
                for part in parts:
                    raw.sendall(part)
            answer = raw.recv(65_536)
        process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))

        assert answer.startswith(b"HTTP/1.1 507 ")
        assert b"nothing of it was kept" in answer
        assert kept_rows() == (0, 0)
        assert waiting(coming) == []
        assert sender.send(sender.parts(10)) == 302  # once there is room again
