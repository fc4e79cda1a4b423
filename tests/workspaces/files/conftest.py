import pytest

from tests.factories.clubs import Club, make_club


@pytest.fixture
def club(db, settings, tmp_path) -> Club:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return make_club()
