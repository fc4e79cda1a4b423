"""How long messages stay."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ExpressionWrapper, F, fields
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.chat import policies
from workspaces.chat.models import Message, Room
from workspaces.chat.services.effects import announce, check_may_write, hold, index

LONGEST_DAYS: Final = 3650
_BATCH: Final = 500


@transaction.atomic
def retention_set(actor: User, *, room: Room, days: int | None) -> Room:
    """Let messages of the group vanish after so many days, those that are there too; None: they stay.

    What was proposed as a decision stays always. Raises Refused, ValidationError by field.
    """
    room = hold(room, actor)
    check_may_write(actor, room)
    if not policies.can_set_retention(actor, room):
        raise Refused(_("Only facilitators set after how long messages vanish."))
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("Give a number of days between 1 and 3650.")})
    if days == room.retention_days:
        return room
    before, room.retention_days = room.retention_days, days
    room.save(update_fields=["retention_days"])
    rows = Message.objects.filter(room=room, decision__isnull=True)
    until = ExpressionWrapper(F("at") + timedelta(days=days), fields.DateTimeField()) if days is not None else None
    rows.update(expires_at=until)
    record(actor, verb="chat.retention_set", target=room, acting_for=None, details={"from": before, "to": days})
    return room


def messages_vanish() -> int:
    """Remove the messages whose time is over, with all that hangs on them; returns how many. For the clock."""
    gone = 0
    while batch := list(
        Message.objects.filter(expires_at__lte=timezone.now())
        .select_related("room__workspace", "topic")
        .order_by("room_id", "topic_id", "number")[:_BATCH]
    ):
        for _room, messages in groupby(batch, key=lambda one: one.topic_id):
            gone += _remove(list(messages))
    return gone


@transaction.atomic
def _remove(messages: list[Message]) -> int:
    room = hold(messages[0].room, None)
    due = Message.objects.filter(pk__in=[one.pk for one in messages], expires_at__lte=timezone.now())
    found = {one.pk: one.number for one in due}
    due.delete()
    index(list(found))
    if found:
        announce(room, "message.vanished", messages[0].topic, *sorted(found.values()))
    return len(found)
