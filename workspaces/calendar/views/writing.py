"""What is done with meetings."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.calendar import services
from workspaces.calendar.forms import CancelForm, MeetingForm, MinutesForm
from workspaces.calendar.models import Meeting
from workspaces.calendar.selectors.listing import meeting_numbered
from workspaces.calendar.views.reading import SECTION
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.doors import written_group


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Plan a meeting."""
    workspace = written_group(request.user, slug)
    form = MeetingForm(request.POST or None, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        try:
            planned = services.meeting_plan(request.user, workspace=workspace, plan=form.plan())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, " ".join(filter(None, [_("The meeting is planned."), form.said_twice])))
            return redirect(planned)
    return _page(request, workspace, "meeting_new", form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Change what was planned."""
    workspace = written_group(request.user, slug)
    meeting = meeting_numbered(workspace, number)
    form = MeetingForm(request.POST or None, workspace=workspace, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.meeting_update(request.user, meeting=meeting, version=version, plan=form.plan())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, " ".join(filter(None, [_("The meeting is changed."), form.said_twice])))
            return redirect(meeting)
    return _page(request, workspace, "meeting_edit", form, meeting)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Cancel a meeting, with a reason."""
    workspace = written_group(request.user, slug)
    meeting = meeting_numbered(workspace, number)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.meeting_cancel(request.user, meeting=meeting, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The meeting is cancelled. Everybody in the group is told."))
            return redirect(meeting)
    return _page(request, workspace, "meeting_cancel", form, meeting)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Write or correct the minutes."""
    workspace = written_group(request.user, slug)
    meeting = meeting_numbered(workspace, number)
    initial = {
        "minutes": meeting.minutes,
        "language": meeting.minutes_language or (get_language() or meeting.language),
        "version": meeting.minutes_version,
    }
    form = MinutesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        said = {"version": given["version"], "text": given["minutes"], "language": given["language"]}
        try:
            services.minutes_write(request.user, meeting=meeting, **said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The minutes are saved."))
            return redirect(meeting)
    return _page(request, workspace, "meeting_minutes", form, meeting)


Form = MeetingForm | CancelForm | MinutesForm


def _page(
    request: SignedInRequest, workspace: Workspace, name: str, form: Form, meeting: Meeting | None = None
) -> HttpResponse:
    context = group_frame(request.user, workspace, current=SECTION) | {"form": form, "meeting": meeting}
    return render_page(request, f"workspaces/calendar/{name}.html", context)
