"""The list of a group's tasks, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.accounts.models import User
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.services import visit
from workspaces.groups.views.doors import read_group
from workspaces.tasks.forms import AssignForm, TaskForm
from workspaces.tasks.selectors.listing import OPEN, VIEWS, counts_in, lines, task_numbered, tasks_in, with_people

SECTION = "tasks"


@signed_in
@require_safe
def task_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Open tasks by due date, one's own among them, those that are done or dropped; and a line to make one."""
    workspace = read_group(request.user, slug)
    visit(request.user, workspace)
    context = list_context(request, request.user, workspace)
    return render_page(request, "workspaces/tasks/task_list.html", context, fragment="tasks")


def list_context(request: HttpRequest, reader: User, workspace: Workspace) -> dict[str, Any]:
    """What the list needs."""
    asked = request.GET.get("show", OPEN)
    view = asked if asked in VIEWS else OPEN
    counts = counts_in(workspace, reader)
    page = paginate(request, with_people(tasks_in(workspace, view, reader)), count=counts[view])
    frame = group_frame(reader, workspace, current=SECTION)
    return {
        **frame,
        "view": view,
        "counts": counts,
        "page": page,
        "lines": lines(reader, workspace, list(page)),
        "form": TaskForm(workspace=workspace) if frame["may_write"] and view != "dropped" else None,
    }


@signed_in
@require_safe
def task(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """What is to be done, by whom, until when, and what became of it."""
    workspace = read_group(request.user, slug)
    found = task_numbered(workspace, number)
    frame = group_frame(request.user, workspace, current=SECTION)
    context = {
        **frame,
        "line": lines(request.user, workspace, [found])[0],
        "assign": AssignForm(workspace=workspace, task=found) if frame["may_write"] and found.is_open else None,
    }
    return render_page(request, "workspaces/tasks/task.html", context, fragment="task")
