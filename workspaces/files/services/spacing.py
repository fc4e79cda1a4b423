"""How much a group may keep."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.files import policies
from workspaces.files.models import Space
from workspaces.files.services.effects import announce
from workspaces.groups.models import Workspace
from workspaces.groups.services.effects import lock


@transaction.atomic
def space_set(actor: User, *, workspace: Workspace, megabytes: int | None) -> None:
    """Set how much the group may keep; None for what all have. What is there stays, also where it is more.

    Raises Refused.
    """
    workspace = lock(workspace, actor)
    if not policies.can_set_space(actor):
        raise Refused(_("Only the Secretariat says how much a group may keep."))
    before = Space.objects.filter(workspace=workspace).values_list("most_bytes", flat=True).first()
    wanted = None if megabytes is None else megabytes * 1_000_000
    if before == wanted:
        return
    if wanted is None:
        Space.objects.filter(workspace=workspace).delete()
    else:
        values = {"most_bytes": wanted, "set_by": actor, "set_at": timezone.now()}
        Space.objects.update_or_create(workspace=workspace, defaults=values)
    record(actor, verb="files.space_set", target=workspace, details={"megabytes": megabytes})
    announce(workspace)
