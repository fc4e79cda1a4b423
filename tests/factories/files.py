"""Files of groups for tests, as the services would have left them."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import User
from portal.files.services import store
from portal.search.services import reindex
from tests.factories.documents import pdf
from workspaces.files.models import KIND, Folder, GroupFile, Version
from workspaces.groups.models import Workspace
from workspaces.groups.services.numbering import next_number


def folder(workspace: Workspace, name: str = "Letters", *, parent: Folder | None = None) -> Folder:
    """A folder of the group."""
    return Folder.objects.create(workspace=workspace, parent=parent, number=next_number(workspace, "folder"), name=name)


def file(
    workspace: Workspace, name: str = "report.pdf", *, by: User | None = None, content: bytes = b"", **fields: Any
) -> GroupFile:
    """A file of one version in the group; `fields` say what else is different, `media_type` of what it holds."""
    media_type = fields.pop("media_type", "application/pdf")
    made = GroupFile.objects.create(
        workspace=workspace, number=next_number(workspace, "file"), name=name, created_by=by, **fields
    )
    version(made, by=by, content=content, media_type=media_type)
    reindex("file", [made.pk])
    return made


def version(
    made: GroupFile, *, by: User | None = None, content: bytes = b"", media_type: str = "application/pdf", **fields: Any
) -> Version:
    """The next version of a file."""
    last = made.newest.number if made.newest is not None else 0
    stored = store(by, kind=KIND, content=content or pdf(), name=made.name, media_type=media_type)
    made.newest = Version.objects.create(file=made, number=last + 1, stored=stored, size=stored.size, by=by, **fields)
    made.save()
    return made.newest
