"""When a meeting is, by the clocks of the reader, of those who planned it, and of everybody who takes part."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.accounts.models import User
from portal.ui import formats
from portal.ui.digits import localise_digits
from portal.ui.zones import zone_named, zone_words
from workspaces.calendar.models import Meeting
from workspaces.groups import policies as groups

_NAMED: Final = 8
"""So many people of one zone are named."""


@dataclass(frozen=True)
class Span:
    """A time in words, by the clocks of one zone: "Thu 10 June 2027", "18:00–19:30", "UTC+2".

    `until` is the day on which it ends where that is another one, else empty.
    """

    day: str
    hours: str
    offset: str
    until: str

    @property
    def by_day(self) -> str:
        """Day and hours, without the zone."""
        return pgettext("date and time", "%(day)s, %(clock)s") % {"day": self.day, "clock": self.hours}

    def __str__(self) -> str:
        clock = pgettext("time of day and time zone", "%(time)s %(zone)s") % {"time": self.hours, "zone": self.offset}
        said = pgettext("date and time", "%(day)s, %(clock)s") % {"day": self.day, "clock": clock}
        return _("%(when)s, until %(day)s") % {"when": said, "day": self.until} if self.until else said


def span(starts_at: datetime, ends_at: datetime, zone: tzinfo | None = None, *, form: str = "full") -> Span:
    """From one moment to another (both timezone-aware) by the clocks of `zone`, of the reader's by default."""
    here = zone or timezone.get_current_timezone()
    begin, end = starts_at.astimezone(here), ends_at.astimezone(here)
    return Span(
        day=formats.day(begin.date(), form),
        hours=localise_digits(f"{begin:%H:%M}–{end:%H:%M}"),
        offset=localise_digits(formats.zone(begin)),
        until=formats.day(end.date(), "short") if end.date() != begin.date() else "",
    )


@dataclass(frozen=True)
class Clock:
    """One line of the table of zones: what clocks show there, and whose they are.

    `named` is the city of the zone where it was planned; of others only the difference to UTC is said, for the name of
    a zone tells where somebody lives.
    """

    span: Span
    names: str
    own: bool
    named: str


def clocks_of(reader: User, meeting: Meeting) -> list[Clock]:
    """The meeting by the clocks of everybody who takes part, from west to east: those that show the same are one line.

    One query. Only for a reader who takes part: to others the zones of people are nothing.
    """
    there = groups.participants_shown(reader, meeting.workspace).select_related("person").order_by("person__name", "pk")
    people: dict[datetime, list[str]] = defaultdict(list)
    zones: dict[datetime, tzinfo] = {}
    for place in there:
        zone = zone_named(place.person.time_zone)
        shown = _shown(meeting.starts_at, zone)
        people[shown].append(place.person.name)
        zones.setdefault(shown, zone)
    planned, own = zone_named(meeting.zone), timezone.get_current_timezone()
    for zone in (planned, own):
        zones.setdefault(_shown(meeting.starts_at, zone), zone)
    return [
        Clock(
            span=span(meeting.starts_at, meeting.ends_at, zones[shown], form="short"),
            names=_names(people[shown]),
            own=shown == _shown(meeting.starts_at, own),
            named=zone_words(meeting.zone) if shown == _shown(meeting.starts_at, planned) else "",
        )
        for shown in sorted(zones)
    ]


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    """What clocks in the zone show at that moment, which is also the order from west to east."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _names(names: list[str]) -> str:
    isolated = [f"\u2068{name}\u2069" for name in names[:_NAMED]]
    if more := len(names) - len(isolated):
        isolated.append(ngettext("%(n)s other", "%(n)s others", more) % {"n": formats.number(more)})
    return formats.join_words(isolated)
