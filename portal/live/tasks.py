"""Tidying up."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from procrastinate.contrib.django import app

from portal.live.models import Event

EVENTS_KEPT: Final = timedelta(days=30)


@app.periodic(cron="53 2 * * *")
@app.task(name="live.events_tidy")
def events_tidy(timestamp: int) -> None:
    """Forget events that nobody can have missed; a page that was open for longer is fetched again."""
    Event.objects.filter(at__lt=timezone.now() - EVENTS_KEPT).delete()
