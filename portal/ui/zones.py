"""Time zones as people choose them, by their names in the tz database."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
# Files of the tz database that are no zone anybody lives in.
_NOT_CHOSEN = frozenset({"Factory", "localtime"})


@cache
def zone_names() -> frozenset[str]:
    """Every name that may be chosen."""
    return frozenset(available_timezones()) - _NOT_CHOSEN


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; UTC where there is none (any more): the tz database drops and renames zones."""
    return ZoneInfo(name if name in zone_names() else "UTC")


@cache
def zones_by_region() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Choices of a select: UTC and the regions, each with (name, words) by name; old names come last, unnamed."""
    groups = {region: [name for name in zone_names() if name.startswith(f"{region}/")] for region in REGIONS}
    grouped = {name for names in groups.values() for name in names}
    rest = [name for name in zone_names() - grouped if name != "UTC"]
    return (
        ("UTC", (("UTC", "UTC"),)),
        *((region, tuple((name, _words(name)) for name in sorted(names))) for region, names in groups.items() if names),
        ("…", tuple((name, _words(name)) for name in sorted(rest))),
    )


def _words(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", " – ") if "/" in name else name


class NoSuchTime(ValueError):
    """The clocks of the zone skip this time: they are put forward over it."""


def instant_of(day: date, clock: time, name: str) -> tuple[datetime, bool]:
    """The moment, in UTC, when clocks in the zone called `name` show `clock` on `day`; and whether they do so twice.

    Where they do (the hour when they are put back), it is the first of the two. Raises NoSuchTime where they never do,
    and OverflowError at the ends of the calendar.
    """
    zone = zone_named(name)
    first, second = (datetime.combine(day, clock, tzinfo=zone).replace(fold=fold) for fold in (0, 1))
    instant = first.astimezone(UTC)
    # PEP 495: a time that is skipped does not survive the way to UTC and back; one that comes twice has two offsets.
    if instant.astimezone(zone).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise NoSuchTime
    return instant, first.utcoffset() != second.utcoffset()


def zone_words(name: str) -> str:
    """What a zone is called on a page: its city ("Addis Ababa"), or its name where it has none."""
    return _words(name).rpartition(" – ")[2]
