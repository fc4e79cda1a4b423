"""What meetings show elsewhere: on the home page, on the page of their group, in the Secretariat's overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.registry import News
from workspaces.calendar.models import Meeting, MeetingChange
from workspaces.calendar.selectors.listing import COMING, lines, meetings_in, with_people
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import places_of

_NEWS: Final = 5
_ON_HOME: Final = 3


def home_side(request: HttpRequest) -> Mapping[str, Any] | None:
    """The next meetings of all groups that the reader takes part in; None where there are none. One query."""
    reader = request.user
    if not isinstance(reader, User) or not reader.is_active:
        return None
    coming = Meeting.objects.filter(workspace__in=list(places_of(reader)), workspace__state=Workspace.State.ACTIVE)
    coming = coming.filter(ends_at__gt=timezone.now(), cancelled_at__isnull=True).select_related("workspace")
    found = list(coming.order_by("starts_at", "pk")[:_ON_HOME])
    return {"meetings": found} if found else None


def side(reader: User, workspace: Workspace) -> Mapping[str, Any] | None:
    """The group's next meeting; None where there is none."""
    coming = with_people(meetings_in(workspace, COMING).filter(cancelled_at__isnull=True))
    first = list(coming[:1])
    return {"line": lines(reader, workspace, first)[0], "workspace": workspace} if first else None


def news(reader: User, workspace: Workspace, since: datetime) -> Sequence[News]:
    """Meetings that were planned, moved, cancelled or written down since then, each once; one query."""
    told = Q(at__gt=since) & ~Q(kind=MeetingChange.Kind.CHANGED)
    changes = MeetingChange.objects.filter(told, meeting__workspace=workspace).select_related("meeting__workspace")
    latest: dict[int, MeetingChange] = {}
    for change in changes.order_by("-at", "-pk")[: _NEWS * 5]:
        latest.setdefault(change.meeting_id, change)
    return [_line(change) for change in list(latest.values())[:_NEWS]]


def _line(change: MeetingChange) -> News:
    said = {
        MeetingChange.Kind.PLANNED: _("New meeting"),
        MeetingChange.Kind.MOVED: _("Meeting moved"),
        MeetingChange.Kind.CANCELLED: _("Meeting cancelled"),
        MeetingChange.Kind.MINUTES: _("Minutes of a meeting"),
    }
    return News(
        title=change.meeting.title,
        detail=said[MeetingChange.Kind(change.kind)],
        url=change.meeting.get_absolute_url(),
        at=change.at,
        lang=change.meeting.language,
    )


def activity(workspace_ids: Sequence[int], since: datetime) -> Mapping[int, int]:
    """How often something was done to meetings since then, by group; one query."""
    rows = MeetingChange.objects.filter(meeting__workspace__in=workspace_ids, at__gt=since).order_by()
    return dict(rows.values_list("meeting__workspace").annotate(Count("pk")))
