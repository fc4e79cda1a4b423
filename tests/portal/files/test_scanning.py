"""The virus scanner: asked about each upload where it is set up, and nothing is taken where it does not answer."""

import socket
from contextlib import closing

import pytest
from django.core.exceptions import ValidationError

from portal.files.models import StoredFile
from portal.files.services import document_store
from tests.factories.documents import packed, pdf
from tests.factories.pictures import picture, upload
from tests.portal.files.clamd import Clamd
from tests.portal.files.conftest import KIND
from tests.portal.files.corpus import EICAR
from tests.portal.files.test_pictures import files_on_disk


def take(content, name):
    return document_store(None, kind=KIND, upload=upload(content, name), most_bytes=50_000_000)


@pytest.fixture
def clamd(settings):
    with Clamd() as daemon:
        settings.CLAMD_URL = daemon.address
        yield daemon


def test_what_it_finds_clean_is_kept_whole(clamd, readers):
    content = packed({"report.pdf": pdf() * 500})

    stored = take(content, "all.zip")

    assert stored.size == len(content)
    with stored.content.open("rb") as file:
        assert file.read() == content
    assert clamd.heard == [len(content)]


def test_pictures_are_looked_at_as_they_came(clamd, readers):
    content = picture()

    take(content, "logo.png")

    assert clamd.heard == [len(content)]


@pytest.mark.parametrize(
    ("name", "content"), [("note.txt", EICAR), ("all.zip", packed({"a": EICAR}, stored=("a",)))], ids=["text", "zip"]
)
def test_what_it_finds_is_refused_and_not_kept(name, content, clamd, readers, caplog):
    before = files_on_disk()

    with pytest.raises(ValidationError, match="found malware") as refusal:
        take(content, name)

    assert refusal.value.code == "malware"
    assert not StoredFile.objects.exists()
    assert files_on_disk() == before
    assert "Eicar-Test-Signature" in caplog.text


def test_over_a_socket_in_the_file_system(settings, readers, tmp_path):
    with Clamd(path=tmp_path / "clamd.ctl") as daemon:
        settings.CLAMD_URL = daemon.address
        take(pdf(), "report.pdf")

        assert daemon.heard == [len(pdf())]


def refused(name="report.pdf", content=None):
    with pytest.raises(ValidationError, match="does not answer at the moment") as refusal:
        take(content or pdf(), name)
    assert refusal.value.code == "scanner"
    assert not StoredFile.objects.exists()


def test_nothing_is_taken_where_it_is_not_there(settings, readers, caplog):
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"

    refused()

    assert "clamd does not answer" in caplog.text


def test_nothing_is_taken_where_it_says_nothing(settings, readers, caplog):
    with Clamd(mute=True) as daemon:
        settings.CLAMD_URL = daemon.address

        refused()


def test_nothing_is_taken_where_it_has_heard_enough(settings, readers, caplog):
    with Clamd(most=100) as daemon:
        settings.CLAMD_URL = daemon.address

        refused()


def test_the_control_that_asks_nobody(settings, readers):
    """Not set up, the test virus in a text is kept: what refuses it above is the scanner alone."""
    settings.CLAMD_URL = ""

    assert take(EICAR, "note.txt").size == len(EICAR)
