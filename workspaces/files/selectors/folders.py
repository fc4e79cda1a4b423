"""The folders of a group, all at once: there are few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404

from workspaces.files.models import Folder
from workspaces.groups.models import Workspace


@dataclass(frozen=True)
class FolderLine:
    """A folder in a list: how many files and folders are in it."""

    folder: Folder
    files: int
    folders: int


class Folders:
    """All folders of one group; one query."""

    def __init__(self, workspace: Workspace) -> None:
        rows = Folder.objects.filter(workspace=workspace).annotate(
            kept=Count("files", filter=Q(files__deleted_at__isnull=True))
        )
        self.by_id: dict[int, Folder] = {}
        self._kept: dict[int, int] = {}
        for row in sorted(rows, key=lambda one: (one.name.lower(), one.pk)):
            row.workspace = workspace
            self.by_id[row.pk] = row
            self._kept[row.pk] = row.kept

    def numbered(self, number: int) -> Folder:
        """The folder with that number in the group. Raises Http404."""
        found = next((folder for folder in self.by_id.values() if folder.number == number), None)
        if found is None:
            raise Http404
        return found

    def inside(self, folder: Folder | None) -> Sequence[FolderLine]:
        """The folders in this one, or at the top, by name."""
        parent_id = folder.pk if folder is not None else None
        found = [one for one in self.by_id.values() if one.parent_id == parent_id]
        return [FolderLine(one, self._kept[one.pk], len(self._in(one))) for one in found]

    def _in(self, folder: Folder) -> list[Folder]:
        return [one for one in self.by_id.values() if one.parent_id == folder.pk]

    def path(self, folder: Folder | None) -> Sequence[Folder]:
        """From the top down to the folder."""
        found: list[Folder] = []
        while folder is not None:
            found.insert(0, folder)
            folder = self.by_id.get(folder.parent_id) if folder.parent_id is not None else None
        return found

    def choices(self, *, but: Folder | None = None) -> list[tuple[str, str]]:
        """Number and path of each, in the order of a tree; without `but` and what is in it."""
        found: list[tuple[str, str]] = []

        def add(parent: Folder | None, prefix: str) -> None:
            for line in self.inside(parent):
                if but is None or line.folder.pk != but.pk:
                    found.append((str(line.folder.number), f"{prefix}{line.folder.name}"))
                    add(line.folder, f"{prefix}{line.folder.name} / ")

        add(None, "")
        return found
