"""The demonstration network, loaded once for the tests of a module and gone after them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from memberships.directory.demonstration import real_organisations
from memberships.organisations.demonstration.accounts import ACCOUNTS
from memberships.organisations.demonstration.organisations import invented_organisations, standings
from memberships.organisations.demonstration.people import people
from portal.demonstration.network import ACCOUNTS as FIRST_ACCOUNTS
from portal.demonstration.network import open_accounts, secretariat_and_guest
from workspaces.calendar.demonstration import meetings
from workspaces.chat.demonstration import conversations_in_groups
from workspaces.files.demonstration import files
from workspaces.groups.demonstration import invented_groups, real_groups
from workspaces.tasks.demonstration import tasks

GENERATORS = (
    *(secretariat_and_guest, real_organisations, standings, invented_organisations, people),
    *(real_groups, invented_groups, conversations_in_groups, files, tasks, meetings),
)


def generate() -> None:
    """What the command does, without what is announced only where the demonstration is switched on."""
    for generator in GENERATORS:
        generator()
    open_accounts([account.name for account in (*FIRST_ACCOUNTS, *ACCOUNTS)])


@pytest.fixture(scope="module")
def network(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        generate()
        yield
        transaction.set_rollback(True)
