"""A kind of file that belongs to no app: kept by a set of people who may see it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from portal.accounts.models import User
from portal.registry import FileKind, announced

KIND = "test-picture"


@dataclass
class Readers:
    """Who may see files of the kind; nobody at first."""

    people: set[int] = field(default_factory=set)

    def add(self, *people: User) -> None:
        """Let these people see."""
        self.people.update(person.pk for person in people)


@pytest.fixture(autouse=True)
def own_directory(settings, tmp_path):
    """What these tests store lies where no other test's files are."""
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def readers(db):
    who = Readers()
    announced.file_kinds.add(FileKind(name=KIND, label="Test", can_see=lambda person, _file: person.pk in who.people))
    yield who
    del announced.file_kinds._items[KIND]
