"""What files show elsewhere: on the page of their group, in the rail, in the Secretariat's overview."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.registry import News
from workspaces.files.models import GroupFile, Version
from workspaces.files.selectors.listing import kept, lines, with_newest
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import places_of

_NEWS: Final = 5
_BESIDE: Final = 4


def unread(reader: User, workspaces: Collection[int]) -> QuerySet[GroupFile]:
    """The files of these groups that others brought or changed since the reader's visit before this one, each with
    `of_workspace`."""
    unseen = Q(pk__in=[])
    for place in places_of(reader).values():
        unseen |= Q(workspace_id=place.workspace_id, newest__at__gt=place.visited_at or place.since)
    new = GroupFile.objects.filter(unseen, workspace_id__in=workspaces, deleted_at__isnull=True)
    return new.exclude(newest__by_id=reader.pk).annotate(of_workspace=F("workspace_id"))


def news(reader: User, workspace: Workspace, since: datetime) -> Sequence[News]:
    """Files that were brought or changed since then; one query."""
    rows = kept(workspace).filter(newest__at__gt=since).select_related("newest").order_by("-newest__at", "-number")
    found = []
    for file in rows[:_NEWS]:
        file.workspace = workspace
        assert file.newest is not None  # the filter
        detail = _("New file") if file.newest.number == 1 else _("New version of a file")
        found.append(
            News(title=file.name, detail=detail, url=file.get_absolute_url(), at=file.newest.at, lang=file.language)
        )
    return found


def side(reader: User, workspace: Workspace) -> Mapping[str, Any] | None:
    """The files that came last, and how many there are; None where there are none. One query."""
    all_of_them = Subquery(kept(workspace).order_by().values("workspace").annotate(n=Count("pk")).values("n"))
    rows = with_newest(kept(workspace)).annotate(of_all=all_of_them).order_by("-newest__at", "-number")
    last = list(rows[:_BESIDE])
    if not last:
        return None
    return {"files": lines(reader, workspace, last), "count": last[0].of_all, "workspace": workspace}


def activity(workspace_ids: Sequence[int], since: datetime) -> Mapping[int, int]:
    """How many files and versions came since then, by group; one query."""
    rows = Version.objects.filter(file__workspace__in=workspace_ids, at__gt=since).order_by()
    return dict(rows.values_list("file__workspace").annotate(Count("pk")))
