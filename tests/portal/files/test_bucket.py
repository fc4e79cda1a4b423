"""Uploads in a bucket: the same files to the same readers, none to anybody else, and a clear word where it is away."""

import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction
from django.test import AsyncClient
from django.utils import timezone
from PIL import Image

from portal.files.checks import storage_is_usable
from portal.files.models import StoredFile
from portal.files.services import document_store, file_remove, files_of_person_remove, orphans_remove, store
from portal.files.services.pictures import picture_store
from portal.files.storage import StorageAway, part_of
from portal.registry import FileKind, announced
from tests.bucket import NAME, BucketServer, Wire, storages
from tests.factories.accounts import person
from tests.factories.pictures import picture, upload
from tests.portal.files.conftest import KIND

LONG = bytes(range(256)) * 40_000  # ten million bytes: stored in two parts, handed out in pieces
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def server():
    with BucketServer() as running:
        yield running


@pytest.fixture
def bucket(server, settings):
    """The server as the default storage, empty."""
    settings.BUCKET = {"bucket_name": NAME}
    settings.STORAGES = storages(server.endpoint, settings.STORAGES["staticfiles"])
    for name in server.names():
        server.client().delete_object(Bucket=NAME, Key=name)
    return server


@pytest.fixture
def reader(readers):
    someone = person("Rita Reader")
    readers.add(someone)
    return someone


def keep(content, name="long.bin"):
    return store(None, kind=KIND, content=content, name=name, media_type="application/octet-stream")


def ask(client, stored, **headers):
    answer = client.get(stored.get_absolute_url(), headers=headers)
    return answer.status_code, answer.getvalue(), answer.headers.get("Content-Range")


def test_what_was_stored_is_read_by_who_may(bucket, reader, client):
    stored, picture_ = keep(LONG), picture_store(None, kind=KIND, upload=upload(picture()))
    client.force_login(reader)

    assert ask(client, stored) == (200, LONG, None)
    answer = client.get(picture_.get_absolute_url())
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(picture_.size))
    assert Image.open(io.BytesIO(answer.content)).size == (picture_.width, picture_.height)
    assert bucket.names() == {stored.content.name, picture_.content.name}
    assert {name.rpartition("/")[2] for name in bucket.names()} == {stored.token.hex, picture_.token.hex}


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-3", 0, 3),
        ("bytes=-5", len(LONG) - 5, len(LONG) - 1),
        ("bytes=9000000-", 9_000_000, len(LONG) - 1),
        ("bytes=5-4000000", 5, 4_000_000),
    ],
)
def test_a_part_is_fetched_and_sent_alone(asked, first, last, bucket, reader, client):
    stored = keep(LONG)
    client.force_login(reader)

    assert ask(client, stored, Range=asked) == (206, LONG[first : last + 1], f"bytes {first}-{last}/{len(LONG)}")
    assert ask(client, stored, Range=f"bytes={len(LONG)}-")[0] == 416


def test_the_bucket_sends_no_more_than_the_part(bucket, reader, client, settings):
    stored = keep(LONG)
    client.force_login(reader)
    with Wire(bucket.port, down=30_000) as wire:
        settings.STORAGES = storages(wire.endpoint, settings.STORAGES["staticfiles"])
        assert ask(client, stored, Range="bytes=5000000-5009999")[:2] == (206, LONG[5_000_000:5_010_000])


def test_who_may_not_gets_what_there_is_not(bucket, reader, client):
    stored = keep(LONG)
    client.force_login(person("Otto Other"))

    for headers in ({}, {"Range": "bytes=0-3"}, {"If-None-Match": f'"{stored.sha256}"'}):
        assert client.get(stored.get_absolute_url(), headers=headers).status_code == 404
    client.logout()
    assert client.get(stored.get_absolute_url()).status_code == 302


def test_nothing_in_the_bucket_is_anybodys_to_fetch(bucket, readers):
    stored = keep(b"<script>alert(1)</script>", "page.html")

    assert httpx.get(f"{bucket.endpoint}/{NAME}/{stored.content.name}").status_code == 403
    with pytest.raises(NotImplementedError, match="no address"):
        _ = stored.content.url
    head = bucket.client().head_object(Bucket=NAME, Key=stored.content.name)
    assert head["ContentType"] == "application/octet-stream"


def test_an_object_that_is_gone_is_not_found(bucket, reader, client):
    stored = keep(LONG)
    bucket.client().delete_object(Bucket=NAME, Key=stored.content.name)
    client.force_login(reader)

    assert client.get(stored.get_absolute_url()).status_code == 404
    for ask_for in (lambda: stored.content.open("rb"), lambda: default_storage.get_modified_time(stored.content.name)):
        with pytest.raises(FileNotFoundError):
            ask_for()


def test_a_file_can_be_read_from_any_place(bucket, readers):
    stored = keep(LONG)

    with stored.content.open("rb") as file:
        assert file.read(3) == LONG[:3]
        file.seek(-4, io.SEEK_END)
        assert file.read() == LONG[-4:]
        file.seek(1_000)
        assert file.read(2_000_000) == LONG[1_000:2_001_000]
        assert file.tell() == 2_001_000
    with keep(b"").content.open("rb") as file:
        assert file.read() == b""


def test_uploads_of_all_kinds_go_there_and_nothing_to_the_disk(bucket, readers, settings):
    given = [
        SimpleUploadedFile("a.txt", b"A line of text.\n" * 1_000),
        SimpleUploadedFile("b.png", picture()),
    ]
    with TemporaryUploadedFile("long.txt", "text/plain", 0, "utf-8") as long:
        long.write(b"A line of text that is long enough.\n" * 300_000)
        long.size = long.tell()
        kept = [document_store(None, kind=KIND, upload=one, most_bytes=20_000_000) for one in [*given, long]]

    assert bucket.names() == {stored.content.name for stored in kept}
    assert [default_storage.size(stored.content.name) for stored in kept] == [stored.size for stored in kept]
    assert not Path(settings.MEDIA_ROOT).exists()


@pytest.mark.parametrize("content", [LONG[:1_000_000], LONG], ids=["in one piece", "in parts"])
def test_an_upload_that_is_cut_half_way_leaves_nothing(content, bucket, readers, settings, caplog):
    with Wire(bucket.port, up=600_000) as wire:
        settings.STORAGES = storages(wire.endpoint, settings.STORAGES["staticfiles"])
        with pytest.raises(ValidationError, match="nothing of it was kept"):
            keep(content)

    assert not StoredFile.objects.exists()
    assert bucket.names() == set()
    assert "A file could not be stored" in caplog.text
    settings.STORAGES = storages(bucket.endpoint, settings.STORAGES["staticfiles"])
    orphans_remove(now=timezone.now() + timedelta(days=2))
    assert bucket.client().list_multipart_uploads(Bucket=NAME).get("Uploads", []) == []


def test_parts_of_an_upload_that_was_broken_off_are_let_go(bucket, readers):
    begun = bucket.client().create_multipart_upload(Bucket=NAME, Key=f"{KIND}/ab/abc")
    (upload_,) = bucket.client().list_multipart_uploads(Bucket=NAME)["Uploads"]
    assert upload_["UploadId"] == begun["UploadId"]

    assert default_storage.unfinished_remove(upload_["Initiated"]) == 0  # not before then
    assert orphans_remove(now=timezone.now() + timedelta(days=2)) == 1
    assert bucket.client().list_multipart_uploads(Bucket=NAME).get("Uploads", []) == []


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_takes_its_object_along(bucket, readers):
    stored = keep(LONG)

    with transaction.atomic():
        file_remove(stored=stored)
        assert bucket.names() == {stored.content.name}  # it could still be rolled back

    assert bucket.names() == set()


@pytest.mark.django_db(transaction=True)
def test_erasing_somebody_takes_what_is_theirs_alone(bucket, readers):
    announced.file_kinds.add(FileKind(name="test-own", label="Test", can_see=lambda *_: True, personal=True))
    someone = person("Erika Erased")
    try:
        own = store(someone, kind="test-own", content=b"mine", name="a.txt", media_type="text/plain")
        others = store(someone, kind=KIND, content=b"ours", name="a.txt", media_type="text/plain")
        files_of_person_remove(someone)
    finally:
        del announced.file_kinds._items["test-own"]

    assert own.content.name not in bucket.names()
    assert bucket.names() == {others.content.name}


@pytest.mark.django_db(transaction=True)
def test_bytes_without_a_row_are_cleaned_away(bucket, readers):
    def fail():
        with transaction.atomic():
            keep(b"rolled back")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    kept = keep(b"kept")

    assert len(bucket.names()) == 2
    assert orphans_remove() == 0
    assert orphans_remove(now=timezone.now() + timedelta(days=2)) == 1
    assert bucket.names() == {kept.content.name}


@pytest.mark.parametrize("size", [100, len(LONG)])
def test_where_the_bucket_is_away_the_reader_is_told_and_comes_again(size, reader, readers, settings, client, caplog):
    with BucketServer() as server:
        settings.STORAGES = storages(server.endpoint, settings.STORAGES["staticfiles"])
        stored = keep(LONG[:size])
        client.force_login(reader)
        server.kill()

        answer = client.get(stored.get_absolute_url())
        closed = client.head(stored.get_absolute_url())
        with pytest.raises(ValidationError, match="storage is full or does not answer"):
            keep(b"another")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "ETag" not in answer.headers
    assert "Files cannot be reached at the moment" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert closed.status_code == 200  # what a file is called and how long it is stands in the database
    lines = [found for found in caplog.records if "could not be handed out" in found.message]
    assert [found.exc_info for found in lines] == [None]
    client.force_login(person("Otto Other"))
    assert client.get(stored.get_absolute_url()).status_code == 404


def read_through(file):
    with file:
        while file.read(65_536):
            pass


def test_a_file_that_breaks_off_half_way_is_no_whole_one(bucket, readers, settings):
    stored = keep(LONG)
    read_through(part_of(default_storage, stored.content.name, 0, len(LONG)))
    with Wire(bucket.port, down=3_000_000) as wire:
        settings.STORAGES = storages(wire.endpoint, settings.STORAGES["staticfiles"])
        file = part_of(default_storage, stored.content.name, 0, len(LONG))
        with pytest.raises(StorageAway):
            read_through(file)


@pytest.mark.django_db(transaction=True)
async def test_where_it_breaks_off_the_answer_ends_short_and_lets_go_of_all_it_holds(readers, settings, caplog):
    """Then the wall cuts the connection: tests/portal/edge/test_broken_off.py."""
    with BucketServer() as server:
        settings.STORAGES = storages(server.endpoint, settings.STORAGES["staticfiles"])
        someone, stored = await sync_to_async(setting_up)(readers)
        client = AsyncClient()
        await client.aforce_login(someone)
        with Wire(server.port, down=3_000_000) as wire:
            settings.STORAGES = storages(wire.endpoint, settings.STORAGES["staticfiles"])
            answer = await client.get(stored.get_absolute_url())
            came = b"".join([piece async for piece in answer])
        await sync_to_async(answer.close)()

    assert answer.headers["Content-Length"] == str(len(LONG))
    assert 0 < len(came) < len(LONG)
    assert LONG.startswith(came)
    assert answer._file.closed
    assert f"A file broke off {len(LONG) - len(came)} bytes before its end." in caplog.text


def setting_up(readers):
    someone = person("Rita Reader")
    readers.add(someone)
    return someone, keep(LONG)


def test_a_usable_bucket_says_nothing_and_keeps_nothing_of_the_question(bucket):
    assert storage_is_usable(None) == []
    assert bucket.names() == set()


def test_without_a_bucket_nothing_is_asked():
    assert storage_is_usable(None) == []


def test_a_bucket_that_is_not_there_is_named(bucket, settings):
    settings.STORAGES["default"]["OPTIONS"]["bucket_name"] = "another-bucket"
    settings.STORAGES = dict(settings.STORAGES)

    (said,) = storage_is_usable(None)

    assert (said.id, said.msg) == (
        "files.E001",
        "FILES_URL names the bucket another-bucket, and there is none of that name.",
    )


def test_a_bucket_whose_objects_everybody_may_read_is_refused(bucket):
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{NAME}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    bucket.client().put_bucket_policy(Bucket=NAME, Policy=policy)
    try:
        (said,) = storage_is_usable(None)
    finally:
        bucket.client().delete_bucket_policy(Bucket=NAME)

    assert said.id == "files.E001"
    assert "lets everybody read" in said.msg


@pytest.mark.parametrize("right", ["public-read", "public-read-write", "authenticated-read"])
def test_a_bucket_that_everybody_may_look_into_is_refused(right, bucket):
    bucket.client().put_bucket_acl(Bucket=NAME, ACL=right)
    try:
        (said,) = storage_is_usable(None)
    finally:
        bucket.client().put_bucket_acl(Bucket=NAME, ACL="private")

    assert said.id == "files.E001"
    assert "lets everybody read" in said.msg


START = [
    ({"FILES_URL": "s3://files"}, "The environment variable FILES_URL must be an address like s3://bucket"),
    ({"FILES_KEY_ID": ""}, "FILES_KEY_ID is not set"),
    ({"FILES_SECRET_KEY": "", "FILES_SECRET_KEY_FILE": "/nowhere"}, "FILES_SECRET_KEY_FILE must be the path"),
]


def run(server, command, **more):
    variables = server.variables(PATH="/usr/bin:/bin", DJANGO_SETTINGS_MODULE="portal.settings", TESTING="1", **more)
    variables |= {"PLENARY_DATA": "/nonexistent/plenary", "DATABASE_URL": "postgresql://a@127.0.0.1:1/b"}
    variables |= {"SECRET_KEY": "hush" * 20, "FACTOR_KEY": "mush" * 20}
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=variables, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr
    assert "the-secret-of-tests" not in done.stderr
    return done


@pytest.mark.parametrize(("variables", "sentence"), START)
def test_a_wrong_variable_stops_the_start_with_its_name(variables, sentence, server):
    done = run(server, ["manage.py", "serve"], **variables)

    assert done.returncode != 0
    assert sentence in done.stderr


@pytest.fixture(scope="module")
def strict_server():
    """It has the bucket, and from then on knows nobody's key."""
    server = BucketServer()
    server.start(strict=True)
    yield server
    server.kill()


@pytest.mark.parametrize("command", [["serve"], ["procrastinate", "worker"]])
def test_a_key_that_the_bucket_refuses_stops_the_start(command, strict_server):
    done = run(strict_server, ["manage.py", *command])

    assert done.returncode != 0
    assert "that FILES_URL names refuses the key of FILES_KEY_ID and FILES_SECRET_KEY" in done.stderr


def test_a_bucket_that_does_not_answer_is_told(server):
    done = run(server, ["manage.py", "check"], FILES_URL=f"s3://{NAME}?endpoint=http://127.0.0.1:1")

    assert done.returncode == 0
    assert "The bucket that FILES_URL names does not answer" in done.stderr


def test_boto3_is_loaded_only_where_there_is_a_bucket(server):
    code = (
        "import django, sys; django.setup(); from django.core.files.storage import default_storage;"
        "default_storage.__class__; print('boto3' in sys.modules)"
    )

    assert run(server, ["-c", code]).stdout == "True\n"
    assert run(server, ["-c", code], FILES_URL="").stdout == "False\n"
