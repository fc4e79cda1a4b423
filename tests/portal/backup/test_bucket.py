"""Archives of a portal whose files are in a bucket, and the ways between bucket and disk."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from portal.backup.failure import BackupFailed
from portal.backup.services import backup_make, restore
from tests.bucket import NAME, BucketServer, Wire, storages
from tests.portal.backup.conftest import KNOWN_WORD

LONG = bytes(range(256)) * 40_000  # more than one part of an upload


@pytest.fixture(scope="module")
def running():
    with BucketServer() as server:
        yield server


@pytest.fixture
def bucket(running, settings):
    for name in running.names():
        running.client().delete_object(Bucket=NAME, Key=name)
    settings.STORAGES = storages(running.endpoint, settings.STORAGES["staticfiles"])
    return running


@pytest.fixture
def in_bucket(bucket, portal):
    """The small portal, its picture in the bucket and a long file besides, kept without a row."""
    default_storage.save("test-kept/00/long", ContentFile(LONG))
    return portal


@pytest.fixture
def bucket_archive(in_bucket, archive):
    return archive


def bytes_of(server, name):
    return server.client().get_object(Bucket=NAME, Key=name)["Body"].read()


def emptied(server):
    for name in server.names():
        server.client().delete_object(Bucket=NAME, Key=name)


def test_a_bucket_that_was_lost_comes_back(bucket, in_bucket, bucket_archive, identity, empty_database):
    before = {name: bytes_of(bucket, name) for name in bucket.names()}
    assert before["test-kept/00/long"] == LONG
    emptied(bucket)

    found = restore(archive=bucket_archive.path, identity=identity)

    assert (found.differences, found.figures["files"]) == ([], 2)
    assert {name: bytes_of(bucket, name) for name in bucket.names()} == before
    assert get_user_model().objects.filter(name=KNOWN_WORD).exists()
    assert not empty_database.exists()


def test_an_archive_of_a_bucket_is_restored_to_the_disk(in_bucket, bucket_archive, identity, empty_database, settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "portal.files.storage.DurableStorage"}}

    assert restore(archive=bucket_archive.path, identity=identity).differences == []
    assert (empty_database / "test-kept/00/long").read_bytes() == LONG
    assert (empty_database / in_bucket.content.name).stat().st_size == in_bucket.size


def test_an_archive_of_the_disk_is_restored_to_a_bucket(running, portal, archive, identity, empty_database, settings):
    emptied(running)
    settings.STORAGES = storages(running.endpoint, settings.STORAGES["staticfiles"])

    assert restore(archive=archive.path, identity=identity).differences == []
    assert running.names() == {portal.content.name}


def test_a_full_bucket_is_left_alone(bucket, bucket_archive, identity, empty_database):
    with pytest.raises(BackupFailed, match="Nothing was changed: the place of files is not empty"):
        restore(archive=bucket_archive.path, identity=identity)

    assert not connection.introspection.table_names()


def test_over_a_full_bucket_what_the_archive_does_not_know_is_set_aside(
    bucket, in_bucket, bucket_archive, identity, empty_database, shelf, public_key
):
    default_storage.save("test-kept/00/later", ContentFile(b"written after the archive"))
    bucket.client().put_object(Bucket=NAME, Key=in_bucket.content.name, Body=b"damaged")

    assert restore(archive=bucket_archive.path, identity=identity, over=True).differences == []

    (aside,) = (name for name in bucket.names() if name.startswith("before-"))
    assert aside.endswith("/test-kept/00/later")
    assert bytes_of(bucket, aside) == b"written after the archive"
    assert len(bytes_of(bucket, in_bucket.content.name)) == in_bucket.size
    assert backup_make(directory=shelf.with_name("another"), public_keys=[public_key]).files == 2


def test_a_file_that_the_bucket_lost_is_named(bucket, in_bucket, shelf, public_key):
    bucket.client().delete_object(Bucket=NAME, Key=in_bucket.content.name)

    made = backup_make(directory=shelf, public_keys=[public_key])

    assert (made.files, made.missing) == (1, [in_bucket.content.name])


def test_a_bucket_that_breaks_off_makes_no_archive(bucket, in_bucket, shelf, public_key, settings):
    with Wire(bucket.port, down=5_000_000) as wire:
        settings.STORAGES = storages(wire.endpoint, settings.STORAGES["staticfiles"])
        with pytest.raises(BackupFailed, match="The files cannot be read: The bucket that FILES_URL names"):
            backup_make(directory=shelf, public_keys=[public_key])

    assert [path.name for path in shelf.iterdir()] == []


def test_a_bucket_that_breaks_off_changes_nothing_in_the_database(bucket, bucket_archive, identity, settings):
    before = get_user_model().objects.count()
    connection.close()
    with Wire(bucket.port, up=5_000_000) as wire:
        settings.STORAGES = storages(wire.endpoint, settings.STORAGES["staticfiles"])
        with pytest.raises(BackupFailed, match="Nothing was changed: the files cannot be put back"):
            restore(archive=bucket_archive.path, identity=identity, over=True)

    assert get_user_model().objects.count() == before
    assert bytes_of(bucket, "test-kept/00/long") == LONG
