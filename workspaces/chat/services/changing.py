"""Changing a message, taking it away, putting a sign to it, pinning it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.chat import policies
from workspaces.chat.models import Decision, Message, MessageVersion, Reaction
from workspaces.chat.selectors.calling import called_in
from workspaces.chat.services.effects import announce, check_may_write, hold, index, message_under
from workspaces.chat.services.sending import mentions_keep
from workspaces.chat.services.telling import called_people, tell_of_new_mentions
from workspaces.chat.writing import checked_body, checked_language


@transaction.atomic
def message_edit(actor: User, *, message: Message, body: str, language: str | None = None) -> Message:
    """Change what a message of one's own says; what it said before can be read in its history. Unchanged: nothing.

    `language` None leaves it as it is. Raises Refused, ValidationError by field.
    """
    room = hold(message.room, actor)
    message = message_under(room, message.pk)
    check_may_write(actor, room)
    if not policies.can_edit(actor, message):
        if policies.decision_of(message) is not None and message.author_id == actor.pk:
            raise Refused(_("Organisations decide on this message. It cannot be changed any more."))
        raise Refused(_("Only whoever wrote a message can change it."))
    text = checked_body(body) if body.strip() or not message.files else ""
    spoken = message.language if language is None else checked_language(language)
    if (text, spoken) == (message.body, message.language):
        return message
    before = called_people(message)
    if text != message.body:
        MessageVersion.objects.create(message=message, body=message.body, at=message.edited_at or message.at)
    message.body, message.language, message.edited_at = text, spoken, timezone.now()
    message.save(update_fields=["body", "language", "edited_at"])
    called = mentions_keep(message, called_in(actor, room, text))
    tell_of_new_mentions(message, called, before)
    index([message.pk])
    announce(room, "message.changed", message.topic, message.number)
    return message


@transaction.atomic
def message_delete(actor: User, *, message: Message, reason: str = "") -> Message:
    """Take a message away, one's own or, as whoever keeps the room, another's: its text, its earlier versions, signs
    and mentions go for good; that there was one stays, and who took it away. Gone already: nothing. Raises Refused."""
    room = hold(message.room, actor)
    message = message_under(room, message.pk)
    if message.is_deleted:
        return message
    check_may_write(actor, room)
    if not policies.can_delete(actor, message):
        raise Refused(_("Only whoever wrote a message, and facilitators, can delete it. What was decided on stays."))
    decision = policies.decision_of(message)
    if decision is not None:
        _withdraw(actor, decision)
    for rows in (message.versions, message.mentions, message.reactions):
        rows.all().delete()
    message.body, message.files, message.language = "", [], ""
    message.deleted_at, message.deleted_by = timezone.now(), actor
    message.pinned_at = message.pinned_by = None
    message.save(update_fields=["body", "files", "language", "deleted_at", "deleted_by", "pinned_at", "pinned_by"])
    if message.author_id != actor.pk:
        record(actor, verb="chat.message_removed", target=message, acting_for=message.acting_for, why=reason)
    index([message.pk])
    announce(room, "message.changed", message.topic, message.number)
    return message


def _withdraw(actor: User, decision: Decision) -> None:
    decision.state, decision.settled_at = Decision.State.WITHDRAWN, timezone.now()
    decision.save(update_fields=["state", "settled_at"])
    record(actor, verb="chat.decision_withdrawn", target=decision, acting_for=decision.proposed_for)


@transaction.atomic
def message_react(actor: User, *, message: Message, sign: str, on: bool | None = None) -> bool:
    """Put a sign to a message or take it back; `on` None does the opposite of what is. Returns whether it is there now.

    Raises Refused, ValidationError for an unknown sign.
    """
    if sign not in Reaction.Sign.values:
        raise ValidationError(_("Choose one of the signs."))
    room = hold(message.room, actor)
    message = message_under(room, message.pk)
    check_may_write(actor, room)
    if not policies.can_react(actor, message):
        raise Refused(_("This message was deleted."))
    own = Reaction.objects.filter(message=message, person=actor, sign=sign)
    there = own.exists()
    wanted = not there if on is None else on
    if wanted == there:
        return there
    if wanted:
        Reaction.objects.create(message=message, person=actor, sign=sign)
    else:
        own.delete()
    announce(room, "message.changed", message.topic, message.number)
    return wanted


@transaction.atomic
def message_pin(actor: User, *, message: Message, on: bool) -> Message:
    """Pin a message, or let it go again. Raises Refused."""
    room = hold(message.room, actor)
    message = message_under(room, message.pk)
    check_may_write(actor, room)
    if not policies.can_pin(actor, message):
        raise Refused(_("Only facilitators pin messages."))
    if on == (message.pinned_at is not None):
        return message
    message.pinned_at, message.pinned_by = (timezone.now(), actor) if on else (None, None)
    message.save(update_fields=["pinned_at", "pinned_by"])
    announce(room, "message.changed", message.topic, message.number)
    return message
