"""The files of a group as one reader sees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.http import Http404

from portal.accounts.models import User
from workspaces.files.models import Folder, GroupFile, Version
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.speakers import Speaker, Speakers

LARGE: Final = 2_000_000
"""Bytes from which a download is called large."""
NEWEST, NAME, SIZE = "newest", "name", "size"
SORTS: Final[Mapping[str, tuple[str | Combinable, ...]]] = {
    NEWEST: (F("newest__at").desc(), "-number"),
    NAME: (Lower("name"), "number"),
    SIZE: (F("newest__size").desc(), "number"),
}
SHOWN: Final = frozenset({"image/png", "image/webp", "image/jpeg", "application/pdf"})
"""What can be shown in the page."""


@dataclass(frozen=True)
class Line:
    """A version of a file, for one reader. Whoever the reader may not know of is None."""

    file: GroupFile
    version: Version
    by: Speaker | None

    @property
    def url(self) -> str:
        """Where it is downloaded; "" where its bytes have gone."""
        return self.version.stored.get_absolute_url() if self.version.stored is not None else ""

    @property
    def is_large(self) -> bool:
        return self.version.size >= LARGE

    @property
    def shown_as(self) -> str:
        """ "picture" or "pdf" where the page can show it, else ""."""
        media_type = self.version.stored.media_type if self.version.stored is not None else ""
        if media_type not in SHOWN:
            return ""
        return "pdf" if media_type == "application/pdf" else "picture"

    @property
    def width(self) -> int | None:
        """In pixels, of pictures."""
        return self.version.stored.width if self.version.stored is not None else None

    @property
    def height(self) -> int | None:
        """In pixels, of pictures."""
        return self.version.stored.height if self.version.stored is not None else None


@dataclass(frozen=True)
class Trace:
    """What is left of a deleted file."""

    file: GroupFile
    by: Speaker | None


def kept(workspace: Workspace) -> QuerySet[GroupFile]:
    """The files of the group that are not deleted."""
    return GroupFile.objects.filter(workspace=workspace, deleted_at__isnull=True)


def files_in(workspace: Workspace, folder: Folder | None, sort: str) -> QuerySet[GroupFile]:
    """The files of one folder, or of the top, in one of the orders of SORTS."""
    return kept(workspace).filter(folder=folder).order_by(*SORTS[sort])


def with_newest(files: QuerySet[GroupFile]) -> QuerySet[GroupFile]:
    """With all that their lines need."""
    return files.select_related("newest__stored", "newest__by", "newest__by_for__logo")


def lines(reader: User, workspace: Workspace, files: Collection[GroupFile]) -> Sequence[Line]:
    """The files, read by `with_newest`, as lines for `reader`."""
    versions = [(file, file.newest) for file in files if file.newest is not None]
    speakers = Speakers(reader, workspace, [version.by for _file, version in versions])
    for file, _version in versions:
        file.workspace = workspace
    return [Line(file, version, speakers.of(version.by, version.by_for)) for file, version in versions]


def file_numbered(workspace: Workspace, number: int) -> GroupFile:
    """The file with that number in the group, deleted ones left out. Raises Http404."""
    found = with_newest(kept(workspace).filter(number=number)).select_related("folder").first()
    if found is None:
        raise Http404
    found.workspace = workspace
    return found


def versions_of(reader: User, file: GroupFile) -> Sequence[Line]:
    """All versions of a file, the newest first."""
    rows = list(file.versions.select_related("stored", "by", "by_for__logo").order_by("-number"))
    speakers = Speakers(reader, file.workspace, [version.by for version in rows])
    return [Line(file, version, speakers.of(version.by, version.by_for)) for version in rows]


def deleted_in(workspace: Workspace) -> QuerySet[GroupFile]:
    """What was deleted in the group, the last first."""
    gone = GroupFile.objects.filter(workspace=workspace, deleted_at__isnull=False)
    return gone.select_related("deleted_by", "deleted_for__logo").order_by("-deleted_at", "-number")


def traces(reader: User, workspace: Workspace, files: Collection[GroupFile]) -> Sequence[Trace]:
    """The deleted files, read by `deleted_in`, for `reader`."""
    speakers = Speakers(reader, workspace, [file.deleted_by for file in files])
    return [Trace(file, speakers.of(file.deleted_by, file.deleted_for)) for file in files]
