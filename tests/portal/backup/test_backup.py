"""Archives: made, looked after, opened (checks H1 to H3 in short form; the long ones are drills)."""

import random
import resource
import stat
import tarfile
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pyrage
import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal.audit.models import Entry
from portal.backup import programs
from portal.backup.failure import BackupFailed
from portal.backup.sealing import recipients_of, sealed
from portal.backup.services import archive_verify, archives, backup_make, restore, rotate, status
from portal.backup.services.shelf import name_of
from tests.portal.backup.conftest import KNOWN_WORD


def test_what_was_written_comes_back(archive, identity, portal, empty_database):
    found = restore(archive=archive.path, identity=identity)

    assert found.differences == []
    assert found.figures["files"] == 1
    assert found.figures["rows"] > 10
    assert get_user_model().objects.filter(name=KNOWN_WORD).exists()
    assert (empty_database / portal.content.name).stat().st_size == portal.size
    assert stat.S_IMODE((empty_database / portal.content.name).stat().st_mode) == 0o600


def test_a_difference_after_a_restore_is_named(archive, identity, empty_database, monkeypatch):
    """The control: one table whose rows do not come along."""
    usual = programs.direct

    def loses_a_row():
        database = usual()
        if database.execute("SELECT to_regclass('accounts_user')").fetchone() != (None,):
            database.execute("UPDATE accounts_user SET name = 'somebody else' WHERE name = %s", [KNOWN_WORD])
        return database

    monkeypatch.setattr(programs, "direct", loses_a_row)
    found = restore(archive=archive.path, identity=identity)

    assert [difference.split(":")[0] for difference in found.differences] == ["the table public.accounts_user"]


def test_a_full_database_is_left_alone(archive, identity, portal):
    before = get_user_model().objects.count()

    with pytest.raises(BackupFailed, match="Nothing was changed"):
        restore(archive=archive.path, identity=identity)

    assert get_user_model().objects.count() == before


def test_over_a_full_database_the_files_of_before_are_kept_beside(archive, identity, empty_database):
    restore(archive=archive.path, identity=identity)
    (empty_database / "later").write_bytes(b"written after the archive")
    get_user_model().objects.filter(name=KNOWN_WORD).update(name="changed")
    connection.close()

    found = restore(archive=archive.path, identity=identity, over=True)

    assert found.differences == []
    assert get_user_model().objects.filter(name=KNOWN_WORD).exists()
    assert next(empty_database.parent.glob("files.before-*/later")).read_bytes() == b"written after the archive"


def test_sessions_do_not_come_along(portal, shelf, public_key, identity, client, request):
    client.force_login(portal.created_by)
    assert Session.objects.exists()
    archive = backup_make(directory=shelf, public_keys=[public_key]).archive
    request.getfixturevalue("empty_database")

    assert restore(archive=archive.path, identity=identity).differences == []
    assert not Session.objects.exists()


def test_the_record_says_that_a_backup_was_made(archive):
    assert Entry.objects.filter(verb="backup.made").count() == 1


def test_one_flipped_bit_is_refused(archive, identity, tmp_path):
    content = archive.path.read_bytes()
    broken = tmp_path / "broken.age"
    for seed in range(20):
        flipped = bytearray(content)
        flipped[random.Random(seed).randrange(len(content))] ^= 1 << seed % 8
        broken.write_bytes(flipped)

        with pytest.raises(BackupFailed):
            archive_verify(broken, identity)


def test_a_cut_archive_is_refused(archive, identity, tmp_path):
    content = archive.path.read_bytes()
    broken = tmp_path / "broken.age"
    for length in (0, 100, 65_536, len(content) // 2, len(content) - 1):
        broken.write_bytes(content[:length])
        with pytest.raises(BackupFailed):
            archive_verify(broken, identity)


def test_another_key_does_not_open_it(archive):
    with pytest.raises(BackupFailed, match="the key is another one"):
        archive_verify(archive.path, pyrage.x25519.Identity.generate())


def test_an_archive_of_somebody_elses_making_names_no_file_outside(tmp_path, public_key, identity):
    path = tmp_path / "evil.age"
    member = tarfile.TarInfo("files/../../evil")
    member.size = 4
    with (
        path.open("wb") as file,
        sealed(file, recipients_of([public_key])) as inside,
        tarfile.open(fileobj=inside, mode="w|") as tar,
    ):
        tar.addfile(member, BytesIO(b"evil"))

    with pytest.raises(BackupFailed, match="outside its place"):
        archive_verify(path, identity)


def test_nothing_known_is_readable_in_it(archive, key_file, settings):
    content = archive.path.read_bytes()

    for word in (KNOWN_WORD, settings.SECRET_KEY, "accounts_user", "plenary", key_file.read_text().splitlines()[1]):
        assert word.encode() not in content


def test_the_keys_are_not_inside(archive, identity, settings):
    content = pyrage.decrypt(archive.path.read_bytes(), [identity])
    settings_key = settings.SECRET_KEY.encode()

    assert settings_key not in content
    assert b"AGE-SECRET-KEY" not in content


@pytest.mark.parametrize("said", ["pg_dump (PostgreSQL) 14.2", "something else", None])
def test_a_client_that_is_older_than_the_server_is_refused(said, portal, shelf, public_key, tmp_path, monkeypatch):
    old = tmp_path / "pg_dump"
    if said:
        old.write_text(f"#!/bin/sh\necho '{said}'\n")
        old.chmod(0o755)
    monkeypatch.setattr(programs, "candidates", lambda _program: [old])

    with pytest.raises(BackupFailed, match="no pg_dump of that version"):
        backup_make(directory=shelf, public_keys=[public_key])

    assert list(shelf.iterdir()) == []


def test_a_dump_that_breaks_off_leaves_nothing(portal, shelf, public_key, tmp_path, monkeypatch):
    breaks = tmp_path / "pg_dump"
    breaks.write_text("#!/bin/sh\n[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99' && exit\necho half\nexit 1\n")
    breaks.chmod(0o755)
    monkeypatch.setattr(programs, "candidates", lambda _program: [breaks])

    with pytest.raises(BackupFailed, match="pg_dump failed"):
        backup_make(directory=shelf, public_keys=[public_key])

    assert list(shelf.iterdir()) == []


def test_a_full_disk_leaves_nothing_and_the_old_archives(archive, public_key, shelf):
    """The limit on a file's size stands for the disk: writing fails in the middle."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limit[1]))
    try:
        with pytest.raises(BackupFailed, match="cannot be written"):
            backup_make(directory=shelf, public_keys=[public_key], now=timezone.now() + timedelta(hours=1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    assert sorted(path.name for path in shelf.iterdir()) == sorted([archive.path.name, archive.sum_file.name])


def test_what_a_killed_backup_left_is_removed(portal, shelf, public_key):
    shelf.mkdir()
    (shelf / ".unfinished-abc").write_bytes(b"half")

    backup_make(directory=shelf, public_keys=[public_key])

    assert not (shelf / ".unfinished-abc").exists()


def test_a_file_that_the_database_names_and_that_is_not_there_is_said(portal, shelf, public_key, settings):
    Path(settings.MEDIA_ROOT, portal.content.name).write_bytes(b"changed on the disk")

    made = backup_make(directory=shelf, public_keys=[public_key])

    assert made.missing == [portal.content.name]
    settings.BACKUP_RECIPIENTS = [public_key]
    with pytest.raises(CommandError, match="missing or damaged"):
        call_command("backup", "--to", str(shelf), stdout=StringIO())


@pytest.mark.parametrize("keys", [[], ["age1nonsense"], ["ssh-ed25519 AAAA"]])
def test_without_a_public_key_nothing_is_written(keys, shelf):
    with pytest.raises(BackupFailed, match="BACKUP_RECIPIENTS"):
        backup_make(directory=shelf, public_keys=keys)

    assert not shelf.exists()


def test_rotation_keeps_days_weeks_and_months(tmp_path):
    newest = datetime(2026, 11, 21, 1, 37, tzinfo=UTC)
    for days in range(500):
        (tmp_path / name_of(newest - timedelta(days=days))).write_bytes(b"")

    rotate(tmp_path)
    kept = [archive.made_at for archive in archives(tmp_path)]

    assert len(kept) <= 7 + 4 + 12
    assert kept[-7:] == [newest - timedelta(days=days) for days in range(6, -1, -1)]
    assert len({(moment.year, moment.month) for moment in kept}) == 12


def test_the_check_sees_an_old_a_missing_and_a_changed_archive(archive, shelf, tmp_path):
    assert "as it was written" in status(shelf, now=timezone.now())

    with pytest.raises(BackupFailed, match="27 hours old"):
        status(shelf, now=archive.made_at + timedelta(hours=27, minutes=5))
    with pytest.raises(BackupFailed, match="no archive"):
        status(tmp_path / "nothing", now=timezone.now())
    content = bytearray(archive.path.read_bytes())
    content[-1] ^= 1
    archive.path.write_bytes(content)
    with pytest.raises(BackupFailed, match="checksum differs"):
        status(shelf, now=timezone.now())


def test_the_commands_say_what_they_did(portal, shelf, key_file, public_key, settings):
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENTS = shelf, [public_key]
    said = StringIO()

    call_command("backup", "--key", str(key_file), stdout=said)
    call_command("backup", "--check", stdout=said)

    assert "read back and as written" in said.getvalue()
    assert "Opened and read to its end" in said.getvalue()
    settings.BACKUP_DIR = None
    with pytest.raises(CommandError, match="BACKUP_DIR is not set"):
        call_command("backup")


def test_a_key_is_made_once(tmp_path):
    said = StringIO()

    call_command("backup_key", str(tmp_path / "key"), stdout=said, stderr=StringIO())

    assert said.getvalue().startswith("BACKUP_RECIPIENTS=age1")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o400
    with pytest.raises(CommandError):
        call_command("backup_key", str(tmp_path / "key"))


def test_the_portals_keys_are_kept_apart(tmp_path, monkeypatch, settings):
    (tmp_path / "passphrase").write_text("six words that dice have picked\n")
    monkeypatch.setenv("KEYS_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    said = StringIO()

    call_command("keys_backup", str(tmp_path / "keys.age"), stdout=StringIO())
    call_command("keys_backup", "--show", str(tmp_path / "keys.age"), stdout=said)

    assert settings.SECRET_KEY.encode() not in (tmp_path / "keys.age").read_bytes()
    assert f"SECRET_KEY={settings.SECRET_KEY}" in said.getvalue()
    (tmp_path / "passphrase").write_text("short\n")
    with pytest.raises(CommandError, match="20 characters"):
        call_command("keys_backup", str(tmp_path / "other.age"))
