"""A small portal with committed rows and a file, a key, and an empty database to restore into."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.db import connection
from psycopg import sql

from portal.backup import programs
from portal.backup.sealing import identity_in
from portal.backup.services import backup_make
from tests.factories.accounts import person
from tests.factories.pictures import picture, upload

KNOWN_WORD = "Wanderfalke-7391"


@pytest.fixture
def key_file(tmp_path):
    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "key"
    path.write_text(f"# public key: {identity.to_public()}\n{identity}\n", encoding="ascii")
    return path


@pytest.fixture
def public_key(key_file):
    return key_file.read_text(encoding="ascii").splitlines()[0].removeprefix("# public key: ")


@pytest.fixture
def identity(key_file):
    return identity_in(key_file)


@pytest.fixture
def shelf(tmp_path):
    return tmp_path / "archives"


@pytest.fixture
def portal(transactional_db, settings, tmp_path):
    """People, one of them with a known word for a name, and a stored picture."""
    settings.MEDIA_ROOT = str(tmp_path / "media" / "files")
    from portal.files.services import picture_store
    from portal.registry import FileKind, announced

    announced.file_kinds.add(FileKind(name="test-kept", label="Test", can_see=lambda _person, _file: True))
    owner = person(KNOWN_WORD)
    person()
    stored = picture_store(owner, kind="test-kept", upload=upload(picture()))
    yield stored
    del announced.file_kinds._items["test-kept"]


@pytest.fixture
def archive(portal, shelf, public_key):
    return backup_make(directory=shelf, public_keys=[public_key]).archive


@pytest.fixture
def empty_database(settings, tmp_path):
    """Django's connection leads to a database without tables and to a directory without files, until the test ends."""
    usual, name = connection.settings_dict["NAME"], f"run_{os.getpid()}_restored"
    administration = psycopg.connect(
        programs.address(), password=connection.settings_dict["PASSWORD"] or None, autocommit=True
    )
    administration.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    administration.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    files = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = str(tmp_path / "elsewhere" / "files")
    connection.close()
    connection.settings_dict["NAME"] = name
    yield Path(settings.MEDIA_ROOT)
    connection.close()
    connection.settings_dict["NAME"] = usual
    settings.MEDIA_ROOT = files
    administration.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    administration.close()
