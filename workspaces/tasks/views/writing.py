"""What is done with tasks. All of it works by plain forms; htmx only puts the changed part in place."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.doors import written_group
from workspaces.tasks import services
from workspaces.tasks.forms import AssignForm, TaskForm
from workspaces.tasks.models import Task
from workspaces.tasks.selectors.listing import VIEWS, task_numbered
from workspaces.tasks.views.reading import SECTION


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make a task: from the line above the list, or from a page of its own with all that can be said."""
    workspace = written_group(request.user, slug)
    form = TaskForm(request.POST or None, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.task_create(request.user, workspace=workspace, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The task is on the list."))
            return _back(request, made)
    context = group_frame(request.user, workspace, current=SECTION) | {"form": form}
    return render_page(request, "workspaces/tasks/task_new.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Change what a task says."""
    workspace = written_group(request.user, slug)
    task = task_numbered(workspace, number)
    form = TaskForm(request.POST or None, workspace=workspace, task=task)
    if request.method == "POST" and form.is_valid():
        try:
            services.task_update(request.user, task=task, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The task is changed."))
            return redirect(task)
    context = group_frame(request.user, workspace, current=SECTION) | {"form": form, "task": task}
    return render_page(request, "workspaces/tasks/task_edit.html", context)


@signed_in
@require_POST
def assign(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Give a task to somebody, or take it oneself."""
    workspace = written_group(request.user, slug)
    task = task_numbered(workspace, number)
    form = AssignForm(request.POST, workspace=workspace, task=task)
    if form.is_valid():
        given = services.task_assign(request.user, task=task, assignee=form.cleaned_data["assignee"])
        who = given.assignee.name if given.assignee is not None else ""
        notice(request, _("%(name)s has the task now.") % {"name": who} if who else _("Nobody has the task now."))
        return _back(request, given)
    context = group_frame(request.user, workspace, current=SECTION) | {"form": form, "task": task}
    return render_page(request, "workspaces/tasks/task_assign.html", context)


@signed_in
@require_POST
def done(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Say that a task is done."""
    return _become(request, slug, number, services.task_done, _("The task is done."), undo="reopen")


@signed_in
@require_POST
def drop(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Say that a task will not be done."""
    return _become(request, slug, number, services.task_drop, _("The task is dropped."), undo="reopen")


@signed_in
@require_POST
def reopen(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Open a task again."""
    return _become(request, slug, number, services.task_reopen, _("The task is open again."))


@signed_in
@require_POST
def from_message(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make a task of what somebody wrote, in one step; see `workspaces.groups.registry.MessageAction`."""
    workspace = written_group(request.user, slug)
    sent = {name: request.POST.get(name, "") for name in ("text", "language", "source")}
    try:
        made = services.task_from_message(request.user, workspace=workspace, **sent)
    except ValidationError:
        return _without_text(request, workspace)
    notice(request, _("The task is made. Say by whom and until when."))
    return redirect("group_tasks:edit", workspace.slug, made.number)


def _without_text(request: SignedInRequest, workspace: Workspace) -> HttpResponse:
    """A message of a file alone says nothing that is to be done: ask for it."""
    form = TaskForm({"title": ""}, workspace=workspace)
    context = group_frame(request.user, workspace, current=SECTION) | {"form": form}
    return render_page(request, "workspaces/tasks/task_new.html", context)


def _become(
    request: SignedInRequest, slug: str, number: int, verb: Callable[..., Task], sentence: str, *, undo: str = ""
) -> HttpResponse:
    workspace = written_group(request.user, slug)
    task = verb(request.user, task=task_numbered(workspace, number))
    back = f"{workspace.get_absolute_url()}tasks/{task.number}/{undo}/" if undo else ""
    notice(request, sentence, undo=back)
    return _back(request, task)


def _back(request: SignedInRequest, task: Task) -> HttpResponse:
    """To the list in the view from which the act came, else to the task."""
    view = request.POST.get("view", "")
    if view in VIEWS:
        query = f"?show={view}" if view != VIEWS[0] else ""
        return redirect(f"{task.workspace.get_absolute_url()}tasks/{query}")
    return redirect(task)
