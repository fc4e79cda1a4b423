"""Writes of meetings: planning and changing them, cancelling, minutes, and the reminders of the clock."""

from workspaces.calendar.services.cancelling import meeting_cancel
from workspaces.calendar.services.minutes import minutes_write
from workspaces.calendar.services.planning import Plan, meeting_plan, meeting_update
from workspaces.calendar.services.reminding import reminders_send

__all__ = ["Plan", "meeting_cancel", "meeting_plan", "meeting_update", "minutes_write", "reminders_send"]
