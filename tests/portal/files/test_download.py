"""Downloads: who gets a file, how it is labelled, and what is left when it goes."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import AsyncClient
from django.urls import reverse
from django.utils import timezone

from portal.files.disposition import disposition, safe_name
from portal.files.models import StoredFile
from portal.files.services import file_remove, orphans_remove, picture_store, store
from tests.factories.accounts import person
from tests.factories.pictures import picture, upload
from tests.portal.files.conftest import KIND


@pytest.fixture
def stored(readers):
    return picture_store(None, kind=KIND, upload=upload(picture()))


@pytest.fixture
def reader(readers):
    someone = person("Rita Reader")
    readers.add(someone)
    return someone


def test_who_may_see_gets_the_file_as_it_is(stored, reader, client):
    client.force_login(reader)

    answer = client.get(stored.get_absolute_url())

    assert answer.status_code == 200
    with stored.content.open("rb") as file:
        assert answer.content == file.read()
    assert answer.headers["Content-Type"] == stored.media_type
    assert answer.headers["Content-Length"] == str(stored.size)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{stored.name}"'
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["ETag"].removeprefix("W/") == f'"{stored.sha256}"'


@pytest.mark.parametrize(
    ("media_type", "name"),
    [("text/html", "page.html"), ("image/svg+xml", "logo.svg"), ("application/pdf", "a.pdf"), ("image/gif", "a.gif")],
)
def test_what_browsers_could_run_is_saved_and_never_shown(media_type, name, readers, reader, client):
    kept = store(None, kind=KIND, content=b"<script>alert(1)</script>", name=name, media_type=media_type)
    client.force_login(reader)

    answer = client.get(kept.get_absolute_url())

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def without_path(answer):
    """The page without its own address and without what protects its forms."""
    fields = rb'name="(csrfmiddlewaretoken|idempotency_key)" value="[\w-]+"'
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}|" + fields, b"", answer.content)


def test_a_file_that_may_not_be_seen_answers_as_one_that_does_not_exist(stored, client):
    client.force_login(person("Otto Other"))

    closed = client.get(stored.get_absolute_url())
    unknown = client.get(reverse("files:download", args=[uuid.uuid4()]))

    assert closed.status_code == unknown.status_code == 404
    assert without_path(closed) == without_path(unknown)
    assert "ETag" not in closed.headers
    assert stored.sha256.encode() not in closed.content


def test_a_known_digest_opens_nothing(stored, client):
    client.force_login(person("Otto Other"))

    for tag in (f'"{stored.sha256}"', f'W/"{stored.sha256}"', "*"):
        assert client.get(stored.get_absolute_url(), headers={"If-None-Match": tag}).status_code == 404


def test_a_part_of_what_is_closed_is_closed_too(stored, client):
    client.force_login(person("Otto Other"))

    for headers in ({}, {"Range": "bytes=0-3"}, {"Range": "bytes=0-3", "If-Range": f'"{stored.sha256}"'}):
        closed = client.get(stored.get_absolute_url(), headers=headers)
        assert closed.status_code == 404
        assert {"Content-Range", "ETag", "Accept-Ranges"} & set(closed.headers) == set()
        assert client.head(stored.get_absolute_url(), headers=headers).status_code == 404
    assert client.get(f"{stored.get_absolute_url()}?show").status_code == 404


def test_what_the_browser_has_is_not_sent_again(stored, reader, client):
    client.force_login(reader)
    first = client.get(stored.get_absolute_url())

    for tag in (first.headers["ETag"], f'W/"{stored.sha256}"', f'"other", "{stored.sha256}"'):
        again = client.get(stored.get_absolute_url(), headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(stored.get_absolute_url(), headers={"If-None-Match": '"other"'}).status_code == 200


def test_only_the_head(stored, reader, client):
    client.force_login(reader)

    answer = client.head(stored.get_absolute_url())

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == str(stored.size)


LONG = bytes(range(256)) * 8_000  # two million bytes, read and sent in pieces


@pytest.fixture
def long(readers):
    return store(None, kind=KIND, content=LONG, name="long.bin", media_type="application/octet-stream")


def ask(client, stored, **headers):
    answer = client.get(stored.get_absolute_url(), headers={"Accept-Encoding": "gzip", **headers})
    return answer.status_code, answer.getvalue(), answer.headers.get("Content-Range")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-3", 0, 3),
        ("bytes=10-", 10, len(LONG) - 1),
        ("bytes=-5", len(LONG) - 5, len(LONG) - 1),
        ("bytes=-99999999", 0, len(LONG) - 1),
        ("bytes=0-0", 0, 0),
        ("BYTES = 100 - 99999999", 100, len(LONG) - 1),
        ("bytes=5-1500000", 5, 1_500_000),
    ],
)
def test_a_part_is_sent_alone(asked, first, last, long, reader, client):
    client.force_login(reader)

    found = ask(client, long, Range=asked)

    assert found == (206, LONG[first : last + 1], f"bytes {first}-{last}/{len(LONG)}")


@pytest.mark.parametrize("asked", ["bytes=0-3,10-12", "lines=1-2", "bytes=", "bytes=-", "bytes=9-3", "bytes=a-b", "9"])
def test_what_is_no_part_gets_the_whole(asked, long, reader, client):
    client.force_login(reader)

    assert ask(client, long, Range=asked) == (200, LONG, None)


@pytest.mark.parametrize("asked", [f"bytes={len(LONG)}-", "bytes=99999999-999999999", "bytes=-0"])
def test_a_part_behind_the_end_is_none(asked, long, reader, client):
    client.force_login(reader)

    assert ask(client, long, Range=asked) == (416, b"", f"bytes */{len(LONG)}")


def test_a_part_of_what_it_was_before_gets_the_whole(long, reader, client):
    client.force_login(reader)

    assert ask(client, long, Range="bytes=0-3", **{"If-Range": f'"{long.sha256}"'})[:2] == (206, LONG[:4])
    for other in ('"other"', f'W/"{long.sha256}"', "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert ask(client, long, Range="bytes=0-3", **{"If-Range": other})[:2] == (200, LONG)


def test_the_whole_is_sent_in_pieces_and_as_it_is(long, reader, client):
    client.force_login(reader)

    answer = client.get(long.get_absolute_url(), headers={"Accept-Encoding": "gzip"})

    assert answer.streaming
    assert max(len(piece) for piece in answer.streaming_content) <= 65_536
    assert answer.headers["Content-Length"] == str(len(LONG))
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == f'"{long.sha256}"'


@pytest.mark.django_db(transaction=True)
async def test_over_asgi_it_is_sent_in_pieces_too(readers):
    """Django would collect a synchronous stream whole, with a warning, before it sends the first byte."""
    someone, stored = await sync_to_async(setting_up)(readers)
    client = AsyncClient()
    await client.aforce_login(someone)

    answer = await client.get(stored.get_absolute_url(), headers={"Range": "bytes=7-1999999"})

    pieces = [piece async for piece in answer]
    assert b"".join(pieces) == LONG[7:2_000_000]
    assert len(pieces) > 20
    await sync_to_async(answer.close)()
    assert answer._file.closed


def setting_up(readers):
    someone = person("Rita Reader")
    readers.add(someone)
    return someone, store(None, kind=KIND, content=LONG, name="long.bin", media_type="application/octet-stream")


@pytest.mark.parametrize(("media_type", "name"), [("application/pdf", "a.pdf"), ("image/jpeg", "a.jpg")])
def test_what_is_shown_where_a_page_asks_for_it_stands_in_a_sandbox(media_type, name, readers, reader, client):
    kept = store(None, kind=KIND, content=b"%PDF-1.4", name=name, media_type=media_type)
    client.force_login(reader)

    saved, shown = client.get(kept.get_absolute_url()), client.get(f"{kept.get_absolute_url()}?show")

    assert saved.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (saved.headers["X-Frame-Options"], saved.headers["Content-Security-Policy"]) == (
        "DENY",
        "default-src 'none'; sandbox",
    )
    assert shown.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'self'"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "text/plain", "application/zip", "image/gif"])
def test_nothing_else_is_shown_however_it_is_asked_for(media_type, readers, reader, client):
    kept = store(None, kind=KIND, content=b"<script>alert(1)</script>", name="a", media_type=media_type)
    client.force_login(reader)

    answer = client.get(f"{kept.get_absolute_url()}?show=1&inline")

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_nobody_posts_to_a_file_and_strangers_sign_in_first(stored, reader, client):
    assert client.get(stored.get_absolute_url()).status_code == 302
    client.force_login(reader)
    assert client.post(stored.get_absolute_url()).status_code == 405


def test_a_lost_right_closes_the_file(stored, readers, reader, client):
    client.force_login(reader)
    assert client.get(stored.get_absolute_url()).status_code == 200

    readers.people.clear()

    assert client.get(stored.get_absolute_url()).status_code == 404


def test_a_file_whose_bytes_are_gone_is_not_found(stored, reader, client):
    stored.content.storage.delete(stored.content.name)
    client.force_login(reader)

    assert client.get(stored.get_absolute_url()).status_code == 404


def test_a_kind_no_longer_announced_is_nobodys_to_see(stored, reader, client):
    StoredFile.objects.update(kind="forgotten")
    client.force_login(reader)

    assert client.get(stored.get_absolute_url()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_upload_serves_nothing_and_its_bytes_are_cleaned_away(readers):
    def fail():
        with transaction.atomic():
            picture_store(None, kind=KIND, upload=upload(picture(colour="red")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not StoredFile.objects.exists()

    kept = picture_store(None, kind=KIND, upload=upload(picture()))
    assert orphans_remove() == 0  # the transaction might still be open
    assert orphans_remove(now=timezone.now() + timedelta(days=2)) == 1

    on_disk = [path for path in Path(default_storage.location, KIND).rglob("*") if path.is_file()]
    assert [path.name for path in on_disk] == [kept.token.hex]


@pytest.mark.django_db(transaction=True)
def test_removed_files_leave_nothing_behind_once_that_is_certain(readers):
    kept = picture_store(None, kind=KIND, upload=upload(picture()))
    path = Path(kept.content.path)

    with transaction.atomic():
        file_remove(stored=kept)
        assert path.exists()  # it could still be rolled back

    assert not path.exists()
    assert not StoredFile.objects.exists()


def test_nothing_outside_the_announced_kinds_is_cleaned_away(readers):
    default_storage.save("elsewhere/file", ContentFile(b"x"))

    assert orphans_remove(now=timezone.now() + timedelta(days=2)) == 0
    assert default_storage.exists("elsewhere/file")


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("logo.png", "logo.png"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\r\nSet-Cookie: b=c", "aSet-Cookie b=c"),
        ("logo\u202egnp.exe", "logognp.exe"),
        ("null\0.html", "null.html"),
        ('quote".html', "quote.html"),
        ("شعار.png", "شعار.png"),
        ("....", "file"),
        ("", "file"),
        ("\u200b", "file"),
        ("CON.png", "_CON.png"),
        ("contract.pdf", "contract.pdf"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("y" * 300, "y" * 100),
        ("a." + "z" * 300, "a." + "z" * 98),
        ("lone\ud800surrogate", "lonesurrogate"),
    ],
)
def test_names_are_made_safe(given, safe):
    assert safe_name(given) == safe
    header = disposition(given, inline=False)
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert not set(header) & {"\r", "\n", "\0"}
