"""Changing what is said about a file, and deleting it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.files import policies, services
from workspaces.files.forms import FileForm
from workspaces.files.selectors.folders import Folders
from workspaces.files.selectors.listing import file_numbered
from workspaces.files.views.reading import SECTION
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.doors import written_group


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Rename a file, describe it, move it."""
    workspace = written_group(request.user, slug)
    file = file_numbered(workspace, number)
    form = FileForm(request.POST or None, file=file, folders=Folders(workspace))
    if request.method == "POST" and form.is_valid():
        try:
            file = services.file_edit(request.user, file=file, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notice(request, _("The file is changed."))
            return redirect(file)
    context = group_frame(request.user, workspace, current=SECTION) | {"form": form, "file": file}
    return render_page(request, "workspaces/files/edit.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Asks whether a file is to be deleted, and deletes it."""
    workspace = written_group(request.user, slug)
    file = file_numbered(workspace, number)
    if not policies.can_delete(request.user, file):
        raise Refused(_("Only whoever brought this file, and the facilitators of the group, can delete it."))
    if request.method == "POST":
        services.file_delete(request.user, file=file)
        notice(request, _("The file is deleted."))
        return redirect(file.folder or f"{workspace.get_absolute_url()}files/")
    context = group_frame(request.user, workspace, current=SECTION) | {"file": file, "versions": file.versions.count()}
    return render_page(request, "workspaces/files/delete.html", context)
