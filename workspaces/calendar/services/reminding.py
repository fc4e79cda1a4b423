"""Reminding whoever takes part of a meeting, a day and an hour before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from workspaces.calendar.models import Meeting
from workspaces.calendar.services.effects import held_meeting, tell
from workspaces.groups.models import Workspace
from workspaces.groups.services.effects import lock


@dataclass(frozen=True)
class Reminder:
    """One that is sent from `before` the begin on, until `until` before it. `mark`: where it is noted."""

    kind: str
    mark: str
    before: timedelta
    until: timedelta


REMINDERS: Final = (
    Reminder("meeting.tomorrow", "reminded_a_day_before", timedelta(days=1), timedelta(hours=1)),
    Reminder("meeting.soon", "reminded_an_hour_before", timedelta(hours=1), timedelta()),
)


def reminders_send(now: datetime) -> int:
    """Send the reminders that are due at `now` (timezone-aware); returns of how many meetings.

    Each is a transaction of its own that notes it in the meeting: run twice, or by two workers, it reminds once. One
    that could not be sent in its time is left out, and so is one that would come after the news of the time itself.
    Who has left, or chose to hear nothing from the group, is not reminded.
    """
    return sum(
        _remind(pk, reminder, now)
        for reminder in REMINDERS
        for pk in list(_due(reminder, now).order_by("pk").values_list("pk", flat=True))
    )


def _due(reminder: Reminder, now: datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(
        ~Q(**{reminder.mark: F("starts_at")}) | Q(**{f"{reminder.mark}__isnull": True}),
        cancelled_at__isnull=True,
        workspace__state=Workspace.State.ACTIVE,
        starts_at__gt=now + reminder.until,
        starts_at__lte=now + reminder.before,
        told_at__lte=F("starts_at") - reminder.before,
    )


@transaction.atomic
def _remind(pk: int, reminder: Reminder, now: datetime) -> bool:
    workspace = lock(Workspace.objects.get(meetings=pk))
    found = _due(reminder, now).filter(pk=pk).first()
    if found is None:
        return False
    meeting = held_meeting(workspace, found)
    Meeting.objects.filter(pk=pk).update(**{reminder.mark: meeting.starts_at})
    tell(meeting, reminder.kind)
    return True
