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

ORGANISATIONS, PEOPLE = 45, 50
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
