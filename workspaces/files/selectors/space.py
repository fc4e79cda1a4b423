"""How much a group keeps, and how much it may."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Subquery, Sum

from workspaces.files.models import Space, Version
from workspaces.groups.models import Workspace


@dataclass(frozen=True)
class SpaceOf:
    """In bytes. `set_apart`: the Secretariat has set `most` for this group alone."""

    used: int
    most: int
    set_apart: bool

    @property
    def left(self) -> int:
        return self.most - self.used

    @property
    def is_tight(self) -> bool:
        """Whether a tenth or less is left."""
        return self.left * 10 <= self.most


def common_most() -> int:
    """How many bytes a group may keep where nothing else is set."""
    return int(settings.GROUP_SPACE_MB) * 1_000_000


def space_of(workspace: Workspace) -> SpaceOf:
    """All versions count, those of deleted files until their bytes have gone; one query."""
    kept = Version.objects.filter(file__workspace=workspace, stored__isnull=False)
    sizes = kept.order_by().values("file__workspace").annotate(used=Sum("size"))
    own_space = Space.objects.filter(workspace=workspace)
    rows = Workspace.objects.filter(pk=workspace.pk).values_list(
        Subquery(sizes.values("used")), Subquery(own_space.values("most_bytes")[:1])
    )
    used, own = rows[0]
    return SpaceOf(
        used=used or 0,
        most=common_most() if own is None else own,
        set_apart=own is not None,
    )
