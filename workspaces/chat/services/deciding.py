"""Deciding by a message: proposing, saying what one's organisation thinks, and recording when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.chat import policies
from workspaces.chat.models import Decision, Message, Position
from workspaces.chat.selectors.decisions import due
from workspaces.chat.services.effects import announce, check_may_write, hold, message_under
from workspaces.chat.services.telling import PROPOSED, RECORDED, tell_of_decision
from workspaces.chat.writing import clean_text

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation
    from workspaces.chat.models import Room

SHORTEST: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=366)
USUAL: Final = timedelta(days=7)


@transaction.atomic
def decision_propose(
    actor: User, *, message: Message, until: datetime, acting_for: Organisation | None = None
) -> Decision:
    """Propose a message to the organisations of the group, until a moment (timezone-aware). Raises Refused,
    ValidationError by field."""
    room = hold(message.room, actor)
    message = message_under(room, message.pk)
    check_may_write(actor, room)
    if policies.decision_of(message) is not None:
        raise ValidationError(_("This was proposed already."))
    decision = propose(actor, message, until=until, acting_for=acting_for)
    announce(room, "message.changed", message.topic, message.number)
    return decision


def propose(actor: User, message: Message, *, until: datetime, acting_for: Organisation | None = None) -> Decision:
    """The proposal itself, under the caller's lock: the organisation that makes it agrees with it."""
    offered = {one.pk: one for one in policies.proposing_for(actor, message)}
    chosen = acting_for or (message.acting_for if message.author_id == actor.pk else None)
    if not offered:
        raise Refused(_("Decisions are proposed for an organisation that takes part in the group."))
    if chosen is None and len(offered) == 1:
        chosen = next(iter(offered.values()))
    if chosen is None or chosen.pk not in offered:
        raise ValidationError({"acting_for": _("Choose the organisation for which you propose it.")})
    if not message.body:
        raise ValidationError({"body": _("Say what is to be decided.")})
    now = timezone.now()
    if not now + SHORTEST <= until <= now + LONGEST:
        raise ValidationError({"until": _("Give the organisations at least an hour, and at most a year.")})
    # What is decided stays, however short messages live here.
    Message.objects.filter(pk=message.pk).update(expires_at=None)
    message.expires_at = None
    decision = Decision.objects.create(
        message=message, proposed_by=actor, proposed_for=chosen, proposed_at=now, until=until
    )
    decision.positions.create(organisation=chosen, person=actor, stance=Position.Stance.AGREES, at=now)
    record(actor, verb="chat.decision_proposed", target=decision, acting_for=chosen)
    tell_of_decision(decision, PROPOSED, without=actor)
    return decision


@transaction.atomic
def position_take(
    actor: User, *, decision: Decision, organisation: Organisation, stance: str, reason: str = ""
) -> Position:
    """Say for an organisation whether it agrees or, with a reason, objects; instead of what it said before.

    Raises Refused, ValidationError by field.
    """
    room = hold(decision.message.room, actor)
    check_may_write(actor, room)
    decision = Decision.objects.select_related("message__topic", "proposed_for").get(pk=decision.pk)
    decision.message.room = decision.message.topic.room = room
    if not decision.is_open:
        raise Refused(_("The time for this decision is over."))
    if organisation.pk not in {one.pk for one in policies.deciding_for(actor, room)}:
        raise Refused(_("You do not speak for this organisation in this group."))
    if stance not in Position.Stance.values:
        raise ValidationError({"stance": _("Choose whether your organisation agrees or objects.")})
    words = clean_text(reason)[:1000]
    if stance == Position.Stance.OBJECTS and not words:
        raise ValidationError({"reason": _("Say why your organisation objects, so that the others can answer.")})
    position, _created = Position.objects.update_or_create(
        decision=decision,
        organisation=organisation,
        defaults={
            "person": actor,
            "stance": stance,
            "reason": words if stance == Position.Stance.OBJECTS else "",
            "at": timezone.now(),
            "is_flagged": False,
        },
    )
    record(actor, verb="chat.position_taken", target=decision, acting_for=organisation, details={"stance": stance})
    announce(room, "message.changed", decision.message.topic, decision.message.number)
    return position


def decisions_settle(room: Room | None = None) -> int:
    """Record what nobody objected to and note what somebody did, of all whose time is over (in one room); returns how
    many. Run by the clock and by whoever looks; each once."""
    settled = 0
    for decision in due(room=room).select_related("message__room__workspace").order_by("pk"):
        settled += _settle(decision)
    return settled


@transaction.atomic
def _settle(decision: Decision) -> int:
    room = hold(decision.message.room, None)
    found = due().filter(pk=decision.pk).select_related("message__topic", "message__author", "proposed_for").first()
    if found is None:  # another was faster
        return 0
    found.message.room = found.message.topic.room = room
    objecting = found.positions.filter(stance=Position.Stance.OBJECTS).count()
    agreeing = found.positions.filter(stance=Position.Stance.AGREES).count()
    found.state = Decision.State.OBJECTED if objecting else Decision.State.RECORDED
    found.settled_at = timezone.now()
    found.save(update_fields=["state", "settled_at"])
    verb = "chat.decision_objected" if objecting else "chat.decision_recorded"
    details = {"agree": agreeing, "object": objecting}
    record(None, verb=verb, target=found, acting_for=found.proposed_for, details=details)
    tell_of_decision(found, RECORDED)
    announce(room, "message.changed", found.message.topic, found.message.number)
    return 1
