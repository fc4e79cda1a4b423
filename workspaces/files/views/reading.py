"""The files of a group, one folder at a time, and the page of one file."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.files import policies
from workspaces.files.models import Folder
from workspaces.files.selectors.folders import Folders
from workspaces.files.selectors.listing import (
    NEWEST,
    SORTS,
    deleted_in,
    file_numbered,
    files_in,
    lines,
    traces,
    versions_of,
    with_newest,
)
from workspaces.files.selectors.space import space_of
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.frame import group_frame
from workspaces.groups.services import visit
from workspaces.groups.views.doors import read_group

SECTION = "files"


@signed_in
@require_safe
def file_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """What lies at the top of the group."""
    workspace = read_group(request.user, slug)
    return _listed(request, workspace, Folders(workspace), None)


@signed_in
@require_safe
def folder(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """What is in one folder."""
    workspace = read_group(request.user, slug)
    folders = Folders(workspace)
    return _listed(request, workspace, folders, folders.numbered(number))


def _listed(request: SignedInRequest, workspace: Workspace, folders: Folders, folder: Folder | None) -> HttpResponse:
    visit(request.user, workspace)
    asked = request.GET.get("sort", NEWEST)
    sort = asked if asked in SORTS else NEWEST
    page = paginate(request, with_newest(files_in(workspace, folder, sort)))
    context = {
        **group_frame(request.user, workspace, current=SECTION),
        "folder": folder,
        "path": folders.path(folder)[:-1],
        "folders": folders.inside(folder),
        "sort": sort,
        "page": page,
        "lines": lines(request.user, workspace, list(page)),
        "space": space_of(workspace),
        "may_set_space": policies.can_set_space(request.user),
    }
    return render_page(request, "workspaces/files/file_list.html", context, fragment="files")


@signed_in
@require_safe
def deleted(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was deleted: names, who and when. The files themselves are gone."""
    workspace = read_group(request.user, slug)
    page = paginate(request, deleted_in(workspace))
    context = group_frame(request.user, workspace, current=SECTION)
    context |= {"page": page, "traces": traces(request.user, workspace, list(page))}
    return render_page(request, "workspaces/files/deleted.html", context)


@signed_in
@require_safe
def file(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One file: what it is, its versions, and itself where it can be shown and somebody asks for it."""
    workspace = read_group(request.user, slug)
    found = file_numbered(workspace, number)
    versions = versions_of(request.user, found)
    context = {
        **group_frame(request.user, workspace, current=SECTION),
        "file": found,
        "path": Folders(workspace).path(found.folder),
        "line": versions[0],
        "older": versions[1:],
        "may_delete": policies.can_delete(request.user, found),
        "shown": "show" in request.GET,
    }
    response = render_page(request, "workspaces/files/file.html", context, fragment="file")
    if context["shown"] and versions[0].shown_as == "pdf":
        # The one page with a frame; what stands in it stands in a sandbox (`portal.files.views.download`).
        response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # read by django-csp
    return response
