"""Conversations: a few people of the network who write to each other."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.people.selectors import forget_rights
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.live.services import publish
from portal.notifications.services import scope_forget
from portal.ui.formats import join_words
from workspaces.chat import policies
from workspaces.chat.models import Companion, Room, Topic
from workspaces.chat.services.effects import next_topic_number
from workspaces.chat.services.telling import room_scope


@transaction.atomic
def conversation_open(actor: User, *, people: Iterable[User], knowingly: bool = False) -> Room:
    """The conversation of `actor` with `people`: the same ones find the same one again, also where `actor` had left it.

    Whoever is brought together may see each other. Where `actor` is shown to somebody who otherwise would not see them
    (people of organisations at risk are shown to nobody outside), `knowingly` says that they know. Nobody is told
    before something is written. Raises Refused, ValidationError by field.
    """
    forget_rights(actor)
    others = sorted({one.pk: one for one in people if one.pk != actor.pk}.values(), key=lambda one: one.pk)
    if not others:
        raise ValidationError({"people": _("Choose at least one other person.")})
    if len(others) >= policies.MOST_COMPANIONS:
        raise ValidationError({"people": _("At most twenty people. For more, propose a group.")})
    allowed = set(
        policies.people_to_write_to(actor).filter(pk__in=[one.pk for one in others]).values_list("pk", flat=True)
    )
    if allowed != {one.pk for one in others}:
        raise Refused(_("You can write to people of the network whom you may see."))
    if strangers := policies.strangers_among(actor, others):
        names = join_words(sorted({str(one) for pair in strangers for one in pair}))
        sentence = _("Not all of them may see each other: %(names)s. Write to them one by one.")
        raise ValidationError({"people": sentence % {"names": names}})
    if not knowingly and (unseen := policies.unseen_by(actor, others)):
        raise ValidationError({"knowingly": _shown_to(unseen)})
    return _found_or_made(actor, [actor, *others])


def _shown_to(unseen: list[User]) -> str:
    sentence = _("%(names)s cannot see you in the portal. By writing you show them your name.")
    return str(sentence) % {"names": join_words(str(one) for one in unseen)}


def _found_or_made(actor: User, people: list[User]) -> Room:
    circle = "-".join(str(pk) for pk in sorted(one.pk for one in people))
    room, created = Room.objects.get_or_create(circle=circle, defaults={"opened_by": actor})
    if created:
        Companion.objects.bulk_create(Companion(room=room, person=one) for one in people)
        Topic.objects.create(room=room, number=next_topic_number(room), opened_by=actor)
    else:
        Companion.objects.filter(room=room, person=actor, left_at__isnull=False).update(left_at=None)
    return room


@transaction.atomic
def conversation_leave(actor: User, *, room: Room) -> None:
    """Leave a conversation: one reads it no more, and what waits of it in the inbox goes. What was said stays with the
    others. Left already: nothing."""
    left = Companion.objects.filter(room=room, person=actor, left_at__isnull=True).update(left_at=timezone.now())
    if left and room.workspace_id is None:
        scope_forget(actor, scope=room_scope(room))
        publish(f"rights:{actor.pk}", kind="rights.changed")
