"""Folders: made, renamed, moved, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.guards import SignedInRequest, signed_in
from portal.idempotency.answers import did_nothing
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.files import services
from workspaces.files.forms import FolderForm
from workspaces.files.models import Folder
from workspaces.files.selectors.folders import Folders
from workspaces.files.views.reading import SECTION
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.doors import written_group


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make a folder."""
    workspace = written_group(request.user, slug)
    folders = Folders(workspace)
    asked = request.GET.get("in", "")
    around = next((one for one in folders.by_id.values() if str(one.number) == asked), None)
    form = FolderForm(request.POST or None, folders=folders, parent=around)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.folder_create(request.user, workspace=workspace, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The folder is made."))
            return redirect(made)
    return _page(request, workspace, form, None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Rename or move a folder."""
    workspace = written_group(request.user, slug)
    folders = Folders(workspace)
    folder = folders.numbered(number)
    around = folders.by_id.get(folder.parent_id) if folder.parent_id is not None else None
    form = FolderForm(request.POST or None, folders=folders, folder=folder, parent=around)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.folder_edit(request.user, folder=folder, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The folder is changed."))
            return redirect(changed)
    return _page(request, workspace, form, folder)


@signed_in
@require_POST
def delete(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Delete a folder in which nothing is."""
    workspace = written_group(request.user, slug)
    folders = Folders(workspace)
    folder = folders.numbered(number)
    try:
        services.folder_delete(request.user, folder=folder)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return did_nothing(redirect(folder))
    notice(request, _("The folder is deleted."))
    around = folders.by_id.get(folder.parent_id) if folder.parent_id is not None else None
    return redirect(around or reverse("group_files:files", args=[workspace.slug]))


def _page(request: SignedInRequest, workspace: Workspace, form: FolderForm, folder: Folder | None) -> HttpResponse:
    context = group_frame(request.user, workspace, current=SECTION) | {"form": form, "folder": folder}
    return render_page(request, "workspaces/files/folder_edit.html", context, status=422 if form.errors else 200)
