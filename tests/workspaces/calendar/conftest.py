import pytest

from tests.factories.clubs import Club, make_club


@pytest.fixture
def club(db) -> Club:
    return make_club()
