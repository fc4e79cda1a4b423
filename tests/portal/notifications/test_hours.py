"""When digests come and when it is quiet, in every zone and over each change of clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications.mails.hours import latest_slot, quiet_until
from portal.notifications.models import MailSettings
from portal.ui.zones import zone_names

PARIS = "Europe/Paris"
MONDAY, SUNDAY = 0, 6
MOMENTS = st.integers(0, 10 * 366 * 24 * 60).map(
    lambda minute: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


def daily(hour):
    return MailSettings(pace="daily", digest_hour=hour)


def weekly(weekday, hour):
    return MailSettings(pace="weekly", digest_hour=hour, digest_weekday=weekday)


def quiet(begin, end):
    return MailSettings(quiet_from=time.fromisoformat(begin), quiet_until=time.fromisoformat(end))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slots(settings, zone, begin, end):
    """The slots that a clock finds which looks every five minutes, as they read on the reader's clock."""
    now, found = utc(begin), []
    before = latest_slot(now, settings=settings, zone=zone)
    while now < utc(end):
        now += timedelta(minutes=5)
        slot = latest_slot(now, settings=settings, zone=zone)
        if slot != before:
            assert slot == now  # found at the very moment, for no zone is off by less than a quarter of an hour
            found.append(slot.astimezone(ZoneInfo(zone)).strftime("%a %d %H:%M %z"))
            before = slot
    return found


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (8, ["Sat 28 08:00 +0100", "Sun 29 08:00 +0200", "Mon 30 08:00 +0200"]),
        (1, ["Sat 28 01:00 +0100", "Sun 29 01:00 +0100", "Mon 30 01:00 +0200"]),
        (2, ["Sat 28 02:00 +0100", "Sun 29 03:00 +0200", "Mon 30 02:00 +0200"]),  # there is no 2 o'clock on Sunday
        (3, ["Sat 28 03:00 +0100", "Sun 29 03:00 +0200", "Mon 30 03:00 +0200"]),
    ],
)
def test_clocks_put_forward_give_one_digest_a_day(hour, expected):
    assert slots(daily(hour), PARIS, "2026-03-27T23:30", "2026-03-30T12:00") == expected


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (8, ["Sat 24 08:00 +0200", "Sun 25 08:00 +0100", "Mon 26 08:00 +0100"]),
        (2, ["Sat 24 02:00 +0200", "Sun 25 02:00 +0200", "Mon 26 02:00 +0100"]),  # 2 o'clock comes twice on Sunday
        (3, ["Sat 24 03:00 +0200", "Sun 25 03:00 +0100", "Mon 26 03:00 +0100"]),
    ],
)
def test_clocks_put_back_give_one_digest_a_day(hour, expected):
    assert slots(daily(hour), PARIS, "2026-10-23T22:30", "2026-10-26T12:00") == expected


def test_a_weekly_digest_comes_on_its_day_over_both_changes():
    spring = slots(weekly(SUNDAY, 2), PARIS, "2026-03-20T00:00", "2026-04-06T00:00")
    autumn = slots(weekly(MONDAY, 8), PARIS, "2026-10-17T00:00", "2026-11-01T00:00")

    assert spring == ["Sun 22 02:00 +0100", "Sun 29 03:00 +0200", "Sun 05 02:00 +0200"]
    assert autumn == ["Mon 19 08:00 +0200", "Mon 26 08:00 +0100"]


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham", "Australia/Lord_Howe"])
def test_zones_off_by_parts_of_an_hour_are_met_exactly(zone):
    assert len(slots(daily(8), zone, "2026-04-03T00:00", "2026-04-10T00:00")) == 7


@given(
    now=MOMENTS,
    zone=st.sampled_from(sorted(zone_names())),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    pace=st.sampled_from(["daily", "weekly"]),
)
def test_there_is_always_a_latest_slot_and_it_is_not_long_ago(now, zone, hour, weekday, pace):
    settings = MailSettings(pace=pace, digest_hour=hour, digest_weekday=weekday)

    slot = latest_slot(now, settings=settings, zone=zone)

    assert timedelta(0) <= now - slot <= timedelta(days=7 if pace == "weekly" else 1, hours=2)
    assert latest_slot(slot, settings=settings, zone=zone) == slot


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        ("2026-06-10T21:30", ("22:00", "07:00"), "2026-06-11T05:00"),  # half past eleven at night in Paris
        ("2026-06-11T04:59", ("22:00", "07:00"), "2026-06-11T05:00"),
        ("2026-06-11T05:00", ("22:00", "07:00"), None),
        ("2026-06-10T19:59", ("22:00", "07:00"), None),
        ("2026-06-10T20:00", ("22:00", "07:00"), "2026-06-11T05:00"),
        ("2026-06-10T11:00", ("12:30", "14:00"), "2026-06-10T12:00"),
        ("2026-06-10T10:29", ("12:30", "14:00"), None),
        ("2026-03-28T22:00", ("22:00", "07:00"), "2026-03-29T05:00"),  # the night that is an hour shorter
        ("2026-10-24T21:00", ("22:00", "07:00"), "2026-10-25T06:00"),  # and the one that is longer
        ("2026-03-29T00:30", ("22:00", "02:30"), "2026-03-29T01:30"),  # an end that does not come
        ("2026-10-25T00:10", ("22:00", "02:30"), "2026-10-25T00:30"),  # an end that comes twice
        ("2026-10-25T01:10", ("22:00", "02:30"), "2026-10-25T01:30"),
    ],
)
def test_quiet_hours_end(now, hours, until):
    found = quiet_until(utc(now), settings=quiet(*hours), zone=PARIS)

    assert found == (utc(until) if until else None)


def test_nobody_has_quiet_hours_who_chose_none():
    assert quiet_until(utc("2026-06-10T21:30"), settings=MailSettings(), zone=PARIS) is None


@given(
    now=MOMENTS,
    zone=st.sampled_from(sorted(zone_names())),
    begin=st.times(),
    end=st.times(),
)
def test_quiet_hours_always_end_within_a_day(now, zone, begin, end):
    until = quiet_until(now, settings=MailSettings(quiet_from=begin, quiet_until=end), zone=zone)

    assert until is None or timedelta(0) < until - now <= timedelta(days=1, hours=2)
