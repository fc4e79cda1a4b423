"""Time zones as people choose them, by their names in the tz database."""

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
