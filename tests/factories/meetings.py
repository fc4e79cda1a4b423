"""Meetings for tests, as the services would have left them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.search.services import reindex
from workspaces.calendar.models import Meeting
from workspaces.groups.models import Workspace
from workspaces.groups.services.numbering import next_number


def meeting(
    workspace: Workspace, title: str = "Monthly call", *, starts_at: datetime | None = None, **fields: Any
) -> Meeting:
    """A meeting of an hour, in a week unless `starts_at` says when; `fields` say what else is different."""
    begin = starts_at or (timezone.now() + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    values = {
        "language": "en",
        "starts_at": begin,
        "ends_at": begin + timedelta(hours=1),
        "zone": "UTC",
        "told_at": begin - timedelta(days=30),
        **fields,
    }
    made = Meeting.objects.create(workspace=workspace, number=next_number(workspace, "meeting"), title=title, **values)
    reindex("meeting", [made.pk])
    return made
