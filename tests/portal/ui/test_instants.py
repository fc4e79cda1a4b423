"""From what a clock on a wall shows to a moment, across changes of the clocks."""

from datetime import UTC, date, datetime, time

import pytest

from portal.ui.zones import NoSuchTime, instant_of, zone_words


@pytest.mark.parametrize(
    ("day", "clock", "zone", "instant"),
    [
        (date(2027, 3, 27), time(10), "Europe/Paris", datetime(2027, 3, 27, 9, tzinfo=UTC)),
        (date(2027, 3, 28), time(10), "Europe/Paris", datetime(2027, 3, 28, 8, tzinfo=UTC)),  # put forward that night
        (date(2027, 3, 28), time(1, 59), "Europe/Paris", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(3), "Europe/Paris", datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2027, 6, 1), time(9, 30), "Asia/Kathmandu", datetime(2027, 6, 1, 3, 45, tzinfo=UTC)),
        (date(2027, 1, 15), time(0, 15), "Pacific/Auckland", datetime(2027, 1, 14, 11, 15, tzinfo=UTC)),
        (date(2027, 7, 15), time(0, 15), "Pacific/Auckland", datetime(2027, 7, 14, 12, 15, tzinfo=UTC)),
        (date(2027, 6, 1), time(9), "Nowhere/Atlantis", datetime(2027, 6, 1, 9, tzinfo=UTC)),  # dropped zones are UTC
    ],
)
def test_a_time_is_one_moment(day, clock, zone, instant):
    assert instant_of(day, clock, zone) == (instant, False)


@pytest.mark.parametrize(
    ("day", "clock", "zone"),
    [
        (date(2027, 3, 28), time(2), "Europe/Paris"),
        (date(2027, 3, 28), time(2, 30), "Europe/Paris"),
        (date(2027, 3, 14), time(2, 59), "America/New_York"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe"),  # by half an hour only
        (date(2011, 12, 30), time(12), "Pacific/Apia"),  # a whole day that never was
    ],
)
def test_a_time_that_clocks_skip_is_none(day, clock, zone):
    with pytest.raises(NoSuchTime):
        instant_of(day, clock, zone)


def test_of_a_time_that_comes_twice_it_is_the_first():
    assert instant_of(date(2027, 10, 31), time(2, 30), "Europe/Paris") == (
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        True,
    )
    assert instant_of(date(2027, 10, 31), time(3), "Europe/Paris") == (datetime(2027, 10, 31, 2, tzinfo=UTC), False)


def test_zones_are_called_by_their_city():
    assert [zone_words(name) for name in ("Africa/Addis_Ababa", "America/Argentina/Salta", "UTC")] == [
        "Addis Ababa",
        "Salta",
        "UTC",
    ]
