"""A group for tests of what lives in groups: Ada keeps it, Sam and Otto take part, Gus is a guest."""

from dataclasses import dataclass

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from tests.architecture.world import (
    ADMINISTRATOR,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    SECRETARIAT,
    STAFF,
    UNAFFILIATED,
    World,
    make_world,
)
from tests.factories import groups as make
from workspaces.groups.models import Participation, Workspace


@dataclass
class Club:
    world: World
    group: Workspace
    alpha: Organisation
    beta: Organisation
    ada: User
    sam: User
    otto: User
    gus: User
    dela: User  # of Alpha, not in the group
    ria: User  # of the organisation at risk, not in the group
    sekou: User  # of the Secretariat, not in the group
    una: User
    place: dict[str, Participation]

    def anew(self, person: User) -> User:
        """The person as the next request loads them: without what was remembered of their rights."""
        return User.objects.get(pk=person.pk)


def make_club() -> Club:
    """Create it all; call inside a test's database."""
    world = make_world()
    people = world.people
    group = make.group(languages=["en", "fr"])
    place = {
        "ada": make.takes_part(group, people[ADMINISTRATOR], of=world.alpha, keeps=True),
        "sam": make.takes_part(group, people[STAFF], of=world.alpha),
        "otto": make.takes_part(group, people[OTHER], of=world.beta),
        "gus": make.guest(group, people[GUEST]),
    }
    return Club(
        world=world,
        group=group,
        alpha=world.alpha,
        beta=world.beta,
        ada=people[ADMINISTRATOR],
        sam=people[STAFF],
        otto=people[OTHER],
        gus=people[GUEST],
        dela=people[DELEGATE],
        ria=people[AT_RISK],
        sekou=people[SECRETARIAT],
        una=people[UNAFFILIATED],
        place=place,
    )
