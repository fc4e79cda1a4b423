"""What every change of a group's files shares: the lock before it, and who hears of it after.

Order of locks in one transaction: the workspace's row, then its counts, then inboxes, then the group's live topic.
What takes long (looking at an upload, writing it) is done before the lock, so that nobody in the group waits for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.live.services import publish
from portal.notifications.services import notify
from portal.search.services import reindex
from workspaces.files import policies
from workspaces.files.models import GroupFile
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.services import happened
from workspaces.groups.services.effects import lock

SOURCE: Final = "file"


def check_may_write(actor: User, workspace: Workspace) -> None:
    """Raise Refused where `actor` may not write in the group now."""
    if not policies.can_write(actor, workspace):
        if not workspace.is_active:
            raise Refused(_("This group is dissolved. It can be read, and nothing in it can be changed."))
        raise Refused(_("Only those who take part in this group can change its files."))


def check_may_speak(actor: User, workspace: Workspace, organisation: Organisation | None) -> None:
    """Raise Refused where `actor` may not act for `organisation` in the group."""
    if not policies.can_speak_for(actor, workspace, organisation):
        raise Refused(_("You cannot act for this organisation in this group."))


def writing(actor: User, workspace: Workspace) -> Workspace:
    """The group, locked, if `actor` may write in it now. Raises Refused."""
    held = lock(workspace, actor)
    check_may_write(actor, held)
    return held


def announce(workspace: Workspace, files: Collection[GroupFile] = ()) -> None:
    """Tell open pages of the group, and bring the search up to date."""
    happened(workspace)
    publish(workspace.topic, kind="group.files")
    if files:
        reindex(SOURCE, [file.pk for file in files])


def tell(actor: User, workspace: Workspace, kind: str, *, url: str, name: str, count: int = 1) -> None:
    """Notify those who take part in the group, but for `actor`."""
    there = current_participations().filter(workspace_id=workspace.pk).exclude(person_id=actor.pk)
    notify(
        User.objects.filter(pk__in=there.values("person_id")).order_by("pk"),
        kind=kind,
        payload={"by": actor.name, "group": workspace.name, "name": name, "count": count},
        url=url,
        scope=workspace.scope,
    )
