"""Rooms for tests, filled by the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from tests.architecture.world import organisation
from tests.factories import groups
from tests.factories import people as factory
from workspaces.chat import services
from workspaces.chat.models import Message, Room, Topic
from workspaces.chat.selectors.rooms import room_of
from workspaces.groups.models import Workspace


@dataclass
class Cast:
    """A group in which two organisations work, who is in it, and somebody of the network who is not."""

    workspace: Workspace
    alpha: Organisation
    beta: Organisation
    keeper: User
    ann: User
    bob: User
    outsider: User
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def room(self) -> Room:
        """As a request would find it."""
        return room_of(Workspace.objects.get(pk=self.workspace.pk))

    def topic(self, title: str = "Referral form", by: User | None = None, **values: Any) -> Topic:
        """A topic opened by Ann unless somebody else is named."""
        actor = factory.reread(by or self.ann)
        return services.topic_open(
            actor, room=self.room, title=title, body=values.pop("body", "Which fields are safe to store?"), **values
        )

    def say(self, topic: Topic, body: str, by: User | None = None, **values: Any) -> Message:
        """A message of Bob's unless somebody else is named."""
        return services.message_send(factory.reread(by or self.bob), topic=topic, body=body, **values)


def cast(**fields: Any) -> Cast:
    """Make them: Kim keeps the group, Ann and Kim are of alpha, Bob is of beta."""
    alpha, beta = organisation("Alpha Press Union", acronym="APU"), organisation("Beta Media Watch", acronym="BMW")
    other = organisation("Gamma Desk")
    workspace = groups.group(**fields)
    keeper, ann = factory.person("Kim Keeper", of=alpha), factory.person("Ann Alpha", of=alpha)
    bob, outsider = factory.person("Bob Beta", of=beta), factory.person("Otto Out", of=other)
    groups.takes_part(workspace, keeper, of=alpha, keeps=True)
    groups.takes_part(workspace, ann, of=alpha)
    groups.takes_part(workspace, bob, of=beta)
    made = Cast(workspace, alpha, beta, *(factory.reread(one) for one in (keeper, ann, bob, outsider)))
    made.more["gamma"] = other
    return made
