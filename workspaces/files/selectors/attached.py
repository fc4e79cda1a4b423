"""How files look beside the messages that brought them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string
from django.utils.translation import override

from portal.accounts.models import User
from workspaces.files.models import GroupFile
from workspaces.files.selectors.listing import LARGE, kept
from workspaces.groups.models import Workspace


def render(reader: User | None, workspace: Workspace, numbers: Sequence[int], language: str) -> Mapping[int, str]:
    """The HTML of each file with one of these numbers, the deleted left out: see `Attachments`. One query."""
    files = kept(workspace).filter(number__in=numbers).select_related("newest__stored")
    with override(language):
        return {file.number: _html(workspace, file) for file in files}


def _html(workspace: Workspace, file: GroupFile) -> str:
    file.workspace = workspace
    size = file.newest.size if file.newest is not None else 0
    return render_to_string("workspaces/files/_attached.html", {"file": file, "size": size, "is_large": size >= LARGE})
