"""What the organisations of a group decide, and how each stands."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from portal.accounts.models import User
from workspaces.chat import policies
from workspaces.chat.models import Decision, Message, Position, Room
from workspaces.chat.selectors.messages import whole


def decided_in(room: Room) -> QuerySet[Message]:
    """The messages of the room that propose or record a decision: open ones first, then the latest."""
    rows = whole().filter(room_id=room.pk, decision__isnull=False).exclude(decision__state=Decision.State.WITHDRAWN)
    return rows.order_by("-decision__settled_at", "-decision__pk").prefetch_related(
        "decision__positions__organisation", "decision__positions__person"
    )


def counted_in(room: Room) -> int:
    """How many decisions there are in the room, proposed or settled."""
    rows = Decision.objects.filter(message__room_id=room.pk)
    return rows.exclude(state=Decision.State.WITHDRAWN).count()


def due(*, now: datetime | None = None, room: Room | None = None) -> QuerySet[Decision]:
    """Open decisions whose time is over, but for those proposed by somebody whose account is locked: they wait."""
    rows = Decision.objects.filter(state=Decision.State.OPEN, is_flagged=False, until__lte=now or timezone.now())
    return rows if room is None else rows.filter(message__room_id=room.pk)


def positions_on(decision: Decision) -> QuerySet[Position]:
    """How the organisations stand, in the order of their saying so."""
    return decision.positions.select_related("organisation__logo", "person")


def positions_shown(reader: User, decision: Decision) -> list[Position]:
    """Those that `reader` may know of: of organisations at risk only who takes part in the group."""
    workspace = decision.message.room.workspace
    rows = positions_on(decision)
    if workspace is None:
        return list(rows)
    return [one for one in rows if not policies.hides_organisation(reader, workspace, one.organisation)]


def own_positions(reader: User, decision: Decision) -> list[Position]:
    """Those of the organisations for which `reader` speaks."""
    own = [organisation.pk for organisation in policies.deciding_for(reader, decision.message.room)]
    return list(positions_on(decision).filter(organisation_id__in=own))
