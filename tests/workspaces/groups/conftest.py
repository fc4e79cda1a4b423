"""The small network of the tables, and browsers of its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from tests.architecture.world import World, make_world
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import Place, forget_places, place_in


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def browser(world) -> Callable[[str], Client]:
    """A browser in which that person of the world has just signed in."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(world.people[role])
        return client

    return signed_in


@pytest.fixture
def queries() -> Callable[[Client, str], int]:
    """How many queries a page costs once its session is warm."""

    def count(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    return count


@pytest.fixture
def place() -> Callable[[User, Workspace], Place | None]:
    """Where somebody is in a group now, read anew."""

    def of(person: User, workspace: Workspace) -> Place | None:
        forget_places(person)
        return place_in(person, workspace)

    return of
