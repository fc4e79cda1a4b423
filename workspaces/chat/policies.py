"""Who may read and write in a room, and who may do what with what was said there.

The room of a group is its group's affair. A conversation is its companions', as long as they belong to the network.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from memberships.organisations.models import Organisation
from memberships.organisations.policies import own_ids
from memberships.people import policies as people
from memberships.people.models import Affiliation
from memberships.people.policies import Reader, is_in_network
from portal.accounts.models import User
from workspaces.chat.models import Companion, Decision, Message, Room, Topic
from workspaces.groups import policies as groups
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_participations

MOST_COMPANIONS = 20

# To read


def can_read(actor: Reader, room: Room) -> bool:
    """Whether `actor` may read in the room; half of `rooms_readable_by`."""
    if not isinstance(actor, User) or not actor.is_active:
        return False
    if room.workspace is not None:
        return groups.can_read(actor, room.workspace)
    return is_in_network(actor) and companions_now(room).filter(person_id=actor.pk).exists()


def rooms_readable_by(actor: Reader) -> QuerySet[Room]:
    """The other half of `can_read`."""
    if not isinstance(actor, User) or not actor.is_active:
        return Room.objects.none()
    shown = Q(workspace__in=groups.readable_by(actor))
    if is_in_network(actor):
        own = Companion.objects.filter(room_id=OuterRef("pk"), person_id=actor.pk, left_at__isnull=True)
        shown |= Q(Exists(own), workspace__isnull=True)
    return Room.objects.filter(shown)


def unexpired() -> Q:
    """Those messages whose time is not over: what waits to be removed is seen by nobody."""
    return Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())


def can_see(actor: Reader, message: Message) -> bool:
    """Whether `actor` may read the message; half of `visible_to`."""
    if message.expires_at is not None and message.expires_at <= timezone.now():
        return False
    return can_read(actor, message.room)


def visible_to(actor: Reader) -> QuerySet[Message]:
    """The other half of `can_see`."""
    return Message.objects.filter(unexpired(), room__in=rooms_readable_by(actor))


def companions_now(room: Room) -> QuerySet[Companion]:
    """Who is in a conversation and has not left it."""
    return Companion.objects.filter(room_id=room.pk, left_at__isnull=True)


def people_hidden_from(actor: Reader, workspace: Workspace, person_ids: Collection[int]) -> set[int]:
    """Those of the people whom `actor`, who reads in the group without a place there, is not shown by name.

    Of an organisation at risk nobody outside is told where it takes part.
    """
    if groups.place(actor, workspace) is not None:
        return set()
    risky = Affiliation.objects.filter(person_id__in=person_ids, until__isnull=True, organisation__at_risk=True)
    return set(risky.exclude(organisation__in=own_ids(actor)).values_list("person_id", flat=True))


def hides_organisation(actor: Reader, workspace: Workspace, organisation: Organisation | None) -> bool:
    """Whether `actor`, who reads in the group, is not told that this organisation takes part; asks nothing."""
    if organisation is None or not organisation.at_risk or groups.place(actor, workspace) is not None:
        return False
    return organisation.pk not in own_ids(actor)


# To write


def can_write(actor: Reader, room: Room) -> bool:
    """Whether `actor` may write in the room now."""
    if room.workspace is not None:
        return groups.can_take_part(actor, room.workspace)
    if not isinstance(actor, User) or not can_read(actor, room):
        return False
    return companions_now(room).filter(person__is_active=True).exclude(person_id=actor.pk).exists()


def can_post(actor: Reader, topic: Topic) -> bool:
    """Whether `actor` may write in the topic now."""
    return topic.is_open and can_write(actor, topic.room)


def speaks_for(actor: User, room: Room) -> tuple[list[Organisation], bool]:
    """For which organisations `actor` may speak in the room now, and whether for themselves."""
    if room.workspace is None:
        return [], True
    return groups.speaks_for(actor, room.workspace)


def can_keep(actor: Reader, room: Room) -> bool:
    """Whether `actor` keeps the room: facilitators that of their group; a conversation is kept by nobody."""
    return room.workspace is not None and groups.can_facilitate(actor, room.workspace)


# Topics


def can_open(actor: Reader, room: Room) -> bool:
    """Whether `actor` may open a topic: whoever may write, in the room of a group."""
    return room.of_group and can_write(actor, room)


def can_change_topic(actor: Reader, topic: Topic) -> bool:
    """Whether `actor` may name, close and reopen the topic: whoever opened it, and whoever keeps the room."""
    if topic.merged_into_id is not None or not topic.room.of_group or not can_write(actor, topic.room):
        return False
    return can_keep(actor, topic.room) or (isinstance(actor, User) and topic.opened_by_id == actor.pk)


def can_merge(actor: Reader, topic: Topic) -> bool:
    """Whether `actor` may merge the topic into another, and pin it."""
    return topic.merged_into_id is None and can_keep(actor, topic.room)


# Messages


def _is_there(message: Message) -> bool:
    return not message.is_deleted and (message.expires_at is None or message.expires_at > timezone.now())


def can_edit(actor: Reader, message: Message) -> bool:
    """Whether `actor` may change what it says: its author, unless organisations decide on it."""
    if not _is_there(message) or not isinstance(actor, User) or message.author_id != actor.pk:
        return False
    return decision_of(message) is None and can_write(actor, message.room)


def can_delete(actor: Reader, message: Message) -> bool:
    """Whether `actor` may delete it: its author and whoever keeps the room, unless it was decided on."""
    if not _is_there(message) or not isinstance(actor, User) or not can_write(actor, message.room):
        return False
    decision = decision_of(message)
    if decision is not None and decision.state in Decision.SETTLED:
        return False
    return message.author_id == actor.pk or can_keep(actor, message.room)


def can_react(actor: Reader, message: Message) -> bool:
    """Whether `actor` may put a sign to it."""
    return _is_there(message) and can_write(actor, message.room)


def can_pin(actor: Reader, message: Message) -> bool:
    """Whether `actor` may pin it: whoever keeps the room, in a conversation everyone."""
    if not _is_there(message) or not can_write(actor, message.room):
        return False
    return not message.room.of_group or can_keep(actor, message.room)


def can_move(actor: Reader, message: Message) -> bool:
    """Whether `actor` may put it into another topic of the room."""
    return _is_there(message) and can_keep(actor, message.room)


def can_see_history(actor: Reader, message: Message) -> bool:
    """Whether `actor` may read what it said before it was changed: everyone who may read it."""
    return _is_there(message) and can_see(actor, message)


# Decisions


def decision_of(message: Message) -> Decision | None:
    """What the message proposes to decide, or None."""
    found: Decision | None = getattr(message, "decision", None)
    return found


def proposing_for(actor: User, message: Message) -> list[Organisation]:
    """The organisations for which `actor` may propose the message as a decision; none where they may not."""
    if not _is_there(message) or decision_of(message) is not None or not can_write(actor, message.room):
        return []
    if message.author_id != actor.pk and not can_keep(actor, message.room):
        return []
    return deciding_for(actor, message.room)


def deciding_for(actor: User, room: Room) -> list[Organisation]:
    """The organisations whose position `actor` may give in the room now."""
    return speaks_for(actor, room)[0] if room.of_group and can_write(actor, room) else []


def can_take_position(actor: User, decision: Decision) -> bool:
    """Whether `actor` may say for an organisation what it thinks of the decision."""
    return decision.is_open and bool(deciding_for(actor, decision.message.room))


# People


def can_set_retention(actor: Reader, room: Room) -> bool:
    """Whether `actor` may set after how long messages vanish."""
    return can_keep(actor, room)


def callable_people(actor: User, room: Room) -> QuerySet[User]:
    """Whom `actor` may call by name in the room: people who may read in it."""
    if room.workspace is None:
        return User.objects.filter(is_active=True, pk__in=companions_now(room).values("person"))
    if room.workspace.kind == Workspace.Kind.COMMONS:
        return people.visible_to(actor)
    there = current_participations().filter(workspace_id=room.workspace.pk)
    return User.objects.filter(is_active=True, pk__in=there.values("person"))


def callable_organisations(actor: User, room: Room) -> QuerySet[Organisation]:
    """The organisations that `actor` may call by name in the room: those that take part."""
    if room.workspace is None:
        return Organisation.objects.none()
    return groups.organisations_shown(actor, room.workspace)


def can_write_to(actor: Reader, person: User) -> bool:
    """Whether `actor` may begin a conversation with `person`: half of `people_to_write_to`."""
    return isinstance(actor, User) and people_to_write_to(actor).filter(pk=person.pk).exists()


def people_to_write_to(actor: User) -> QuerySet[User]:
    """Whom `actor` may begin a conversation with: whom they may see."""
    if not is_in_network(actor):
        return User.objects.none()
    return people.visible_to(actor).exclude(pk=actor.pk)


def strangers_among(actor: User, others: Collection[User]) -> list[tuple[User, User]]:
    """Pairs of `others` of whom one may not see the other: `actor` must not bring them together."""
    pks = {one.pk for one in others}
    found = []
    for one in others:
        seen = set(people.visible_to(one).filter(pk__in=pks).values_list("pk", flat=True))
        found += [(one, other) for other in others if other.pk != one.pk and other.pk not in seen]
    return found


def unseen_by(actor: User, others: Collection[User]) -> list[User]:
    """Those of `others` who may not see `actor`, and will learn of them by being written to."""
    return [one for one in others if not people.can_see_person(one, actor)]
