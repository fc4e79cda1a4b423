"""The small network of the permission tables: Alpha with a team, Beta beside it, Hidden at risk."""

import pytest

from tests.architecture.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()
