"""The table of live topics and commands. Each slice adds its rows here in the commit that announces them.

The matrix of `test_live_matrix.py` is made of it: who may listen, who may command, and what is left of it when the
right ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from memberships.people.models import Affiliation
from memberships.people.selectors import forget_rights
from portal.access import roles
from portal.accounts.models import User
from portal.live.services import publish
from tests.architecture import in_groups, in_rooms
from tests.architecture.world import NETWORK, STAFF, World
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.services.effects import person_out

Loss = Callable[[World, User], None]


def leaves_the_network(world: World, person: User) -> None:
    """The person's affiliations and roles end."""
    with transaction.atomic():
        Affiliation.objects.filter(person=person, until__isnull=True).update(until=timezone.now())
        roles.revoke(roles.SECRETARIAT, person, roles.network())
        forget_rights(person)
        publish(f"rights:{person.pk}", kind="rights.changed")


def leaves_the_group(world: World, person: User) -> None:
    """The person no longer takes part in any group."""
    with transaction.atomic():
        person_out(None, current_participations().filter(person=person))
        publish(f"rights:{person.pk}", kind="rights.changed")


def leaves_for_good(world: World, person: User) -> None:
    """The account is closed."""
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=False)
        publish(f"rights:{person.pk}", kind="session.ended")


@dataclass(frozen=True)
class TopicRow:
    """A family of topics: the key of one of them, who may listen to it, how that right ends, and who keeps another."""

    heard: frozenset[str]
    key: Callable[[World], str] = lambda world: ""
    lose: Loss = leaves_the_network
    keeps: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CommandRow:
    """A command about something of the small network: who may give it, who sees the thing, and how that right ends."""

    done: frozenset[str]
    data: Callable[[World], Mapping[str, Any]]
    known: frozenset[str] = in_groups.TAKING_PART
    lose: Loss = leaves_the_group


TOPICS: dict[str, TopicRow] = {
    "directory": TopicRow(NETWORK),
    "organisation": TopicRow(NETWORK, lambda world: str(world.alpha.pk)),
    "person": TopicRow(NETWORK, lambda world: str(world.people[STAFF].pk), keeps=frozenset({STAFF})),
    "inbox": TopicRow(frozenset({STAFF}), lambda world: str(world.people[STAFF].pk), leaves_for_good),
    "rights": TopicRow(frozenset({STAFF}), lambda world: str(world.people[STAFF].pk), leaves_for_good),
    "group": TopicRow(in_groups.TAKING_PART, lambda world: in_groups.working_group(world).key, leaves_the_group),
    "chat": TopicRow(in_groups.TAKING_PART, lambda world: in_groups.working_group(world).key, leaves_the_group),
}


def in_room(world: World, **data: Any) -> dict[str, Any]:
    return {"room": in_groups.working_group(world).key, **data}


def in_topic(world: World, **data: Any) -> dict[str, Any]:
    return in_room(world, topic=in_rooms.open_topic(world).number, **data)


def message(world: World, **data: Any) -> dict[str, Any]:
    return in_room(world, number=in_rooms.message(world).number, **data)


def position(world: World) -> dict[str, Any]:
    found = in_rooms.proposal(world)
    return in_room(world, number=found.number, organisation=world.alpha.pk, stance="agrees", reason="")


COMMANDS: dict[str, CommandRow] = {
    "message.send": CommandRow(
        in_groups.TAKING_PART, lambda world: in_topic(world, body="Here it is.", acting_for=world.alpha.pk)
    ),
    "message.edit": CommandRow(frozenset({STAFF}), lambda world: message(world, body="I do, from Monday.")),
    "message.delete": CommandRow(in_groups.TAKING_PART, message),
    "message.react": CommandRow(in_groups.TAKING_PART, lambda world: message(world, sign="👍")),
    "position.take": CommandRow(in_groups.TAKING_PART, position),
    "topic.read": CommandRow(in_groups.TAKING_PART, lambda world: in_topic(world, number=1)),
}
