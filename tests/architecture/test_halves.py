"""The two halves of each policy agree (check A10): `visible_to(actor)` contains x exactly if `can_see(actor, x)`.

A random network, and every actor against every thing in it: more than 2,000 pairs a policy.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from memberships.organisations import policies as organisations
from memberships.organisations.models import Organisation
from memberships.people import policies as people
from memberships.people.models import Affiliation, Role
from portal.access import roles
from portal.accounts.models import User
from portal.audit import policies as audit
from portal.audit.models import Entry
from tests.architecture.world import organisation, person
from tests.factories.accounts import with_factor
from tests.factories.groups import group as make_group
from tests.factories.groups import guest, takes_part
from workspaces.groups import policies as groups
from workspaces.groups.models import Workspace
from workspaces.groups.services import next_number

ORGANISATIONS, PEOPLE, GROUPS = 45, 50, 45
YEARS_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Halves:
    """A policy's two halves and the things it speaks of."""

    name: str
    things: Callable
    many: Callable
    one: Callable


POLICIES = (
    Halves("organisations.see", Organisation.objects.all, organisations.visible_to, organisations.can_see),
    Halves(
        "organisations.facts", Organisation.objects.all, organisations.facts_visible_to, organisations.can_see_facts
    ),
    Halves(
        "organisations.record",
        Organisation.objects.all,
        organisations.record_readable_by,
        organisations.can_read_record,
    ),
    Halves("people.see", User.objects.all, people.visible_to, people.can_see_person),
    Halves("people.know", Affiliation.objects.all, people.visible_affiliations, people.can_see_affiliation),
    Halves("audit.read", Entry.objects.all, audit.visible_to, audit.can_read),
    Halves("groups.see", Workspace.objects.all, groups.visible_to, groups.can_see),
    Halves("groups.read", Workspace.objects.all, groups.readable_by, groups.can_read),
)


@pytest.fixture
def random_network(db):
    dice = random.Random(20261121)
    made = [organisation(f"Organisation {n}", at_risk=dice.random() < 0.2) for n in range(ORGANISATIONS)]
    for n in range(PEOPLE):
        someone = person(f"Person {n}", is_active=dice.random() < 0.9)
        if dice.random() < 0.7:
            with_factor(someone)
        for chosen in dice.sample(made, dice.choice([0, 1, 1, 1, 2])):
            ended = timezone.now() if dice.random() < 0.2 else None
            Affiliation.objects.create(person=someone, organisation=chosen, since=YEARS_AGO, until=ended)
            if dice.random() < 0.3 and ended is None:
                someone.affiliations.last().role_terms.create(role=dice.choice(Role.values))
        for role, chance in ((roles.SECRETARIAT, 0.1), (roles.GUEST, 0.1)):
            if dice.random() < chance:
                roles.grant(role, someone, roles.network())
        Entry.objects.create(actor=someone if n % 3 else None, verb="test", target_id=n)
    random_groups(dice, made, list(User.objects.order_by("pk")))


def random_groups(dice, organisations, people):
    """Groups of every visibility and state, invitations, and places that hold or lost their ground."""
    for n in range(GROUPS):
        group = make_group(
            f"Group {n}",
            visibility=dice.choice(Workspace.Visibility.values),
            state=dice.choice(["proposed", "declined", "active", "active", "active", "dissolved"]),
            dissolved_at=timezone.now(),
            members=dice.choice(Workspace.Members.values),
            proposed_by=dice.choice(people),
            proposed_for=dice.choice([None, *organisations]),
        )
        for someone in dice.sample(people, 6):
            theirs = [one.organisation for one in someone.affiliations.all()]
            match dice.choice(["of", "of", "alone", "guest", "past guest", "invited"]):
                case "of" if theirs:
                    place = takes_part(group, someone, of=dice.choice(theirs))
                    if dice.random() < 0.2:
                        group.organisations.filter(organisation=place.organisation).update(until=timezone.now())
                case "guest":
                    guest(group, someone)
                case "past guest":
                    guest(group, someone, days=-1)
                case "invited":
                    invite(group, dice.random() < 0.8, person=someone)
                case _:
                    takes_part(group, someone)
        invite(group, dice.random() < 0.5, organisation=dice.choice(organisations))


def invite(group, waits, **whom):
    number = next_number(group, "approach")
    group.approaches.create(number=number, side="invited", answer="" if waits else "declined", **whom)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_the_halves_agree(policy, random_network):
    things = list(policy.things())
    actors = [AnonymousUser(), *User.objects.all()]

    disagreements = [
        (str(actor), str(thing))
        for actor in actors
        for visible in [set(policy.many(actor).values_list("pk", flat=True))]
        for thing in things
        if policy.one(actor, thing) != (thing.pk in visible)
    ]

    assert len(actors) * len(things) > 2000
    assert disagreements == []
