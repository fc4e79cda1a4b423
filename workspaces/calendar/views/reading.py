"""The calendar of a group, the page of one meeting, and both as files."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from portal.ui.zones import zone_words
from workspaces.calendar import policies
from workspaces.calendar.exports import CONTENT_TYPE, calendar_file
from workspaces.calendar.models import Meeting
from workspaces.calendar.selectors.clocks import clocks_of
from workspaces.calendar.selectors.listing import (
    COMING,
    VIEWS,
    lines,
    meeting_numbered,
    meetings_in,
    trace_of,
    with_people,
)
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.services import visit
from workspaces.groups.views.doors import read_group

SECTION = "calendar"
IN_A_FILE = 500
"""So many meetings are in the file of a group, the latest ones."""


@signed_in
@require_safe
def calendar(request: SignedInRequest, slug: str) -> HttpResponse:
    """Meetings that are to come, next first, or those that are over."""
    workspace = read_group(request.user, slug)
    visit(request.user, workspace)
    asked = request.GET.get("show", COMING)
    view = asked if asked in VIEWS else COMING
    page = paginate(request, with_people(meetings_in(workspace, view)))
    context = {
        **group_frame(request.user, workspace, current=SECTION),
        "view": view,
        "page": page,
        "lines": lines(request.user, workspace, list(page)),
        "own_zone": zone_words(timezone.get_current_timezone_name()),
    }
    return render_page(request, "workspaces/calendar/calendar.html", context, fragment="meetings")


@signed_in
@require_safe
def meeting(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """When and where it is, by every clock; what it is about, what was agreed, and what became of it."""
    workspace = read_group(request.user, slug)
    found = meeting_numbered(workspace, number)
    enters = policies.can_enter(request.user, workspace)
    context = {
        **group_frame(request.user, workspace, current=SECTION),
        "line": lines(request.user, workspace, [found])[0],
        "own_zone": zone_words(timezone.get_current_timezone_name()),
        "may_enter": enters,
        "clocks": clocks_of(request.user, found) if enters else [],
        "trace": trace_of(request.user, found),
    }
    return render_page(request, "workspaces/calendar/meeting.html", context, fragment="meeting")


@signed_in
@require_safe
def file(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One meeting as an iCalendar file."""
    workspace = read_group(request.user, slug)
    found = meeting_numbered(workspace, number)
    content = calendar_file([found], name=workspace.name, with_links=policies.can_enter(request.user, workspace))
    return _sent(content, f"meeting-{found.number}.ics")


@signed_in
@require_safe
def whole(request: SignedInRequest, slug: str) -> HttpResponse:
    """All meetings of the group as one iCalendar file."""
    workspace = read_group(request.user, slug)
    found = Meeting.objects.filter(workspace=workspace).select_related("workspace").order_by("-starts_at", "-pk")
    enters = policies.can_enter(request.user, workspace)
    return _sent(calendar_file(found[:IN_A_FILE], name=workspace.name, with_links=enters), "meetings.ics")


def _sent(content: bytes, name: str) -> HttpResponse:
    """The group is not in the file's name: it stays in lists of downloads that others see."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)
