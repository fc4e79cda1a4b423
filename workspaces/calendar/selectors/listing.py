"""The meetings of a group, and one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from portal.ui.formats import join_words
from portal.ui.names import language_name
from workspaces.calendar.models import Meeting, MeetingChange
from workspaces.calendar.selectors.clocks import Span, span
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.speakers import Speaker, Speakers

COMING, PAST = "coming", "past"
VIEWS: Final = (COMING, PAST)


@dataclass(frozen=True)
class Line:
    """A meeting as one reader may see it, its time by the reader's clock. Who the reader may not know of is None."""

    meeting: Meeting
    when: Span
    convened_by: Speaker | None
    cancelled_by: Speaker | None
    minutes_by: Speaker | None

    @property
    def spoken(self) -> str:
        """The languages spoken, in words."""
        return join_words(language_name(code, inline=True) for code in self.meeting.languages)


@dataclass(frozen=True)
class Step:
    """One line of a meeting's trace."""

    change: MeetingChange
    by: Speaker | None


def meetings_in(workspace: Workspace, view: str) -> QuerySet[Meeting]:
    """Those that are to come or go on, next first; or those that are over, last first."""
    found, now = Meeting.objects.filter(workspace=workspace), timezone.now()
    if view == PAST:
        return found.filter(ends_at__lte=now).order_by("-starts_at", "-pk")
    return found.filter(ends_at__gt=now).order_by("starts_at", "pk")


def with_people(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With all that their lines need."""
    return meetings.select_related("workspace", "convened_by", "convened_for__logo", "cancelled_by", "minutes_by")


def lines(reader: User, workspace: Workspace, meetings: Collection[Meeting]) -> Sequence[Line]:
    """The meetings, read by `with_people`, as lines for `reader`."""
    people = [person for one in meetings for person in (one.convened_by, one.cancelled_by, one.minutes_by)]
    speakers = Speakers(reader, workspace, people)
    return [
        Line(
            meeting=meeting,
            when=span(meeting.starts_at, meeting.ends_at),
            convened_by=speakers.of(meeting.convened_by, meeting.convened_for),
            cancelled_by=speakers.of(meeting.cancelled_by, None),
            minutes_by=speakers.of(meeting.minutes_by, None),
        )
        for meeting in meetings
    ]


def trace_of(reader: User, meeting: Meeting) -> list[Step]:
    """What became of the meeting, latest first."""
    changes = list(meeting.changes.select_related("by", "by_for__logo"))
    speakers = Speakers(reader, meeting.workspace, [change.by for change in changes])
    return [Step(change, speakers.of(change.by, change.by_for)) for change in changes]


def meeting_numbered(workspace: Workspace, number: int) -> Meeting:
    """The meeting with that number in the group. Raises Http404."""
    found = with_people(Meeting.objects.filter(workspace=workspace, number=number)).first()
    if found is None:
        raise Http404
    return found
