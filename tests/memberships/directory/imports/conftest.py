"""A Secretariat that imports."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from memberships.directory.imports.planning import fingerprint
from memberships.directory.imports.services import Verdict, import_confirm, import_preview, stored_rows
from memberships.directory.models import Import
from memberships.organisations.models import Standing
from portal.accounts.models import User
from tests.factories import people


@pytest.fixture
def secretariat(db) -> User:
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
