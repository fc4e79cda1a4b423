"""Jobs of the groups' calendars."""

from django.utils import timezone
from procrastinate.contrib.django import app

from workspaces.calendar import services


@app.periodic(cron="*/5 * * * *")
@app.task(name="group_calendar.remind", queueing_lock="group_calendar.remind")
def remind(timestamp: int) -> None:
    """Remind of meetings that begin in a day and in an hour."""
    services.reminders_send(timezone.now())
