"""A Secretariat that imports, and the vocabulary the real file uses."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from memberships.directory.imports.planning import fingerprint
from memberships.directory.imports.services import Verdict, import_confirm, import_preview, stored_rows
from memberships.directory.models import Import
from memberships.organisations.models import Alliance, Standing, Subject
from memberships.organisations.vocabulary import ALLIANCES, SUBJECTS
from portal.accounts.models import User
from tests.factories import people


@pytest.fixture
def vocabulary(db) -> None:
    for term in SUBJECTS:
        labels = {"name_en": term.en, "name_fr": term.fr, "name_es": term.es, "name_ar": term.ar}
        Subject.objects.get_or_create(slug=term.slug, defaults=labels)
    for alliance in ALLIANCES:
        labels = {"name_en": alliance.en, "acronym": alliance.acronym}
        Alliance.objects.get_or_create(slug=alliance.slug, defaults=labels)


@pytest.fixture
def secretariat(vocabulary) -> User:
    return people.secretariat("Sekou Retariat")


@pytest.fixture
def preview(secretariat) -> Callable[[bytes], Import]:
    def look(content: bytes, name: str = "members.csv") -> Import:
        return import_preview(secretariat, file_name=name, file=io.BytesIO(content))

    return look


@pytest.fixture
def confirm(secretariat) -> Callable[[Import], Verdict]:
    def write(run: Import, standing: Standing.Kind | None = Standing.Kind.FULL) -> Verdict:
        return import_confirm(secretariat, run=run, standing=standing, seen=fingerprint(stored_rows(run)))

    return write
