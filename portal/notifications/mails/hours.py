"""When mails come: the hour of a digest, and hours in which none comes. All in the reader's time zone.

Nothing of it is stored as a moment: whoever moves to another zone, or changes the hour, has the new one from then on.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from portal.ui.zones import zone_named

if TYPE_CHECKING:
    from portal.notifications.models import MailSettings

APART: Final = timedelta(hours=12)
"""No two digests of one person come closer together, whatever zone or hour they changed to meanwhile."""


def latest_slot(now: datetime, *, settings: MailSettings, zone: str) -> datetime:
    """The last hour of a digest at or before `now`, in UTC. `zone` is the name of the reader's time zone.

    Where clocks are put forward over that hour it is the moment right after, where they are put back the first of the
    two (PEP 495, fold=0).
    """
    here = zone_named(zone)
    today = now.astimezone(here).date()
    days = [today - timedelta(days=back) for back in range(15)]  # two weeks: an hour may be still to come today
    if settings.pace == settings.Pace.WEEKLY:
        days = [day for day in days if day.weekday() == settings.digest_weekday]
    slots = [datetime.combine(day, time(settings.digest_hour), tzinfo=here).astimezone(UTC) for day in days]
    return max(slot for slot in slots if slot <= now)


def quiet_until(now: datetime, *, settings: MailSettings, zone: str) -> datetime | None:
    """When the quiet hours end in which `now` lies, in UTC; None where it lies in none."""
    begin, end, here = settings.quiet_from, settings.quiet_until, zone_named(zone)
    if begin is None or end is None:
        return None
    local = now.astimezone(here)
    clock = local.time()
    if not (begin <= clock < end if begin < end else clock >= begin or clock < end):
        return None
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    # An hour that comes twice as clocks are put back: the first one may be over.
    ends = [datetime.combine(day, end.replace(fold=fold), tzinfo=here).astimezone(UTC) for fold in (0, 1)]
    return next(moment for moment in ends if moment > now)
