"""Adding files and versions: by a plain form, and by the same one with a progress bar."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.formats import number as shown_number
from portal.ui.notices import notice
from portal.ui.render import render_page
from workspaces.files import services
from workspaces.files.forms import UploadForm, VersionForm
from workspaces.files.models import Folder
from workspaces.files.selectors.folders import Folders
from workspaces.files.selectors.listing import file_numbered
from workspaces.files.selectors.space import space_of
from workspaces.files.services.adding import Added, most_bytes
from workspaces.files.views.reading import SECTION
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.views.doors import written_group


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add files to the group."""
    workspace = written_group(request.user, slug)
    folders = Folders(workspace)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        actor=request.user,
        workspace=workspace,
        folders=folders,
        folder=_asked(request, folders),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            added = services.files_add(
                request.user,
                workspace=workspace,
                acting_for=form.organisation,
                uploads=given["uploads"],
                folder=given["folder"],
                description=given["description"],
                language=given["language"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if added.files:
                return _done(request, workspace, added, given["folder"])
            for name, sentence in added.refused:
                form.add_error("uploads", f"{name}: {sentence}")
    return _page(request, workspace, form, "workspaces/files/upload.html", {})


def _asked(request: SignedInRequest, folders: Folders) -> Folder | None:
    """The folder from which somebody came, if it is still there."""
    asked = request.GET.get("folder", "")
    return next((one for one in folders.by_id.values() if str(one.number) == asked), None)


def _done(request: SignedInRequest, workspace: Workspace, added: Added, folder: Folder | None) -> HttpResponse:
    count = len(added.files)
    sentence = ngettext("%(n)s file is added.", "%(n)s files are added.", count) % {"n": shown_number(count)}
    notice(request, sentence)
    for name, why in added.refused:
        messages.error(request, _("Not taken: %(name)s. %(why)s") % {"name": name, "why": why})
    back = folder.get_absolute_url() if folder is not None else reverse("group_files:files", args=[workspace.slug])
    return _to(request, back)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Add a version to a file."""
    workspace = written_group(request.user, slug)
    file = file_numbered(workspace, number)
    form = VersionForm(request.POST or None, request.FILES or None, actor=request.user, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        try:
            services.version_add(
                request.user,
                file=file,
                acting_for=form.organisation,
                upload=form.cleaned_data["file"],
                note=form.cleaned_data["note"],
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            notice(request, _("The new version is added."))
            return _to(request, file.get_absolute_url())
    return _page(request, workspace, form, "workspaces/files/version.html", {"file": file})


def _page(
    request: SignedInRequest,
    workspace: Workspace,
    form: UploadForm | VersionForm,
    template: str,
    more: dict[str, object],
) -> HttpResponse:
    context = {
        **group_frame(request.user, workspace, current=SECTION),
        "form": form,
        "most": most_bytes(),
        "space": space_of(workspace),
        **more,
    }
    return render_page(request, template, context, status=422 if form.errors else 200)


def _to(request: SignedInRequest, address: str) -> HttpResponse:
    """On to `address`; a script that sent the form is told where, for it cannot see where a redirect leads."""
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return HttpResponseClientRedirect(address)
    return redirect(address)
