"""Saying in time that a group is to be reviewed, or comes to its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from portal.access.policies import secretariat
from workspaces.groups.models import Reminder, Workspace
from workspaces.groups.selectors.participation import facilitators_of, today
from workspaces.groups.services.effects import lock, tell

AHEAD: Final = timedelta(days=14)


@transaction.atomic
def dates_remind(*, on: date | None = None) -> int:
    """Tell the facilitators and the Secretariat of each date that is two weeks away or nearer; once for each date.

    `on` is a UTC day, today when None. Returns of how many dates somebody was told.
    """
    near = (on or today()) + AHEAD
    due = Q(review_on__lte=near) | Q(ends_on__lte=near)
    told = 0
    for found in Workspace.objects.filter(due, state=Workspace.State.ACTIVE).order_by("pk"):
        workspace = lock(found)
        for about, day in ((Reminder.About.REVIEW, workspace.review_on), (Reminder.About.END, workspace.ends_on)):
            if day is not None and day <= near and workspace.is_active:
                told += _remind(workspace, about, day)
    return told


def _remind(workspace: Workspace, about: Reminder.About, day: date) -> bool:
    _reminder, is_new = Reminder.objects.get_or_create(workspace=workspace, about=about, day=day)
    if not is_new:
        return False
    kind = "group.review_due" if about == Reminder.About.REVIEW else "group.end_due"
    payload = {"day": day.isoformat()}
    keeping = list(facilitators_of(workspace))
    tell(keeping, workspace, kind, payload=payload, scoped=True)
    kept_by = {person.pk for person in keeping}
    others = [person for person in secretariat() if person.pk not in kept_by]
    tell(others, workspace, kind, payload=payload, scoped=False)
    return True
