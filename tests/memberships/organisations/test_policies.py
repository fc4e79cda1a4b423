"""Role × state × verb, written out; and the halves of each policy against each other."""

import pytest
from django.contrib.auth.models import AnonymousUser

from memberships.organisations import policies
from memberships.organisations.models import Audience, Contact, Organisation, Standing
from portal.accounts.models import User
from tests.architecture.world import (
    ADMINISTRATOR,
    ANONYMOUS,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    ROLES,
    SECRETARIAT,
    STAFF,
    SUPERUSER,
    UNAFFILIATED,
)
from tests.factories import organisations as make

NOBODY = frozenset()
NETWORK = frozenset({OTHER, AT_RISK, STAFF, DELEGATE, ADMINISTRATOR, SECRETARIAT})
OWN = frozenset({STAFF, DELEGATE, ADMINISTRATOR, SECRETARIAT})
KEEPERS = frozenset({ADMINISTRATOR, SECRETARIAT})
SECRETARIAT_ONLY = frozenset({SECRETARIAT})

STATES = {
    "plain": {},
    "hides its city": {"city_hidden": True},
    "hides its country": {"country_hidden": True},
    "at risk": {"at_risk": True},
}

# verb → (who, in the ordinary states) and (who, where the organisation is at risk)
TABLE = {
    policies.can_see: (NETWORK, NETWORK),
    policies.can_see_facts: (NETWORK, OWN),
    policies.can_see_hidden: (OWN, OWN),
    policies.can_edit: (KEEPERS, KEEPERS),
    policies.can_confirm: (frozenset({ADMINISTRATOR}), frozenset({ADMINISTRATOR})),
    policies.can_see_history: (OWN, OWN),
}
MEMBERSHIP = (policies.can_keep_standing, policies.can_create, policies.can_edit_membership)


def actor(world, role):
    return AnonymousUser() if role == ANONYMOUS else User.objects.get(pk=world.people[role].pk)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", TABLE, ids=lambda verb: verb.__name__)
def test_who_may_what_with_the_own_organisation(verb, state, world):
    Organisation.objects.filter(pk=world.alpha.pk).update(**STATES[state])
    alpha = Organisation.objects.get(pk=world.alpha.pk)

    allowed = {role for role in ROLES if verb(actor(world, role), alpha)}

    assert allowed == TABLE[verb][state == "at risk"]


@pytest.mark.parametrize("verb", MEMBERSHIP, ids=lambda verb: verb.__name__)
def test_who_keeps_the_membership(verb, world):
    assert {role for role in ROLES if verb(actor(world, role))} == SECRETARIAT_ONLY


@pytest.mark.parametrize(
    ("audience", "at_risk", "readers"),
    [
        (Audience.NETWORK, False, NETWORK),
        (Audience.NETWORK, True, OWN),
        (Audience.SECRETARIAT, False, KEEPERS),
        (Audience.SECRETARIAT, True, KEEPERS),
    ],
)
def test_who_may_read_a_contact(audience, at_risk, readers, world):
    Organisation.objects.filter(pk=world.alpha.pk).update(at_risk=at_risk)
    contact = Contact.objects.get(pk=make.contact(world.alpha, audience=audience).pk)

    assert {role for role in ROLES if policies.can_see_contact(actor(world, role), contact)} == readers


@pytest.mark.parametrize("at_risk", [False, True])
@pytest.mark.parametrize("kind", Standing.Kind)
def test_who_may_know_of_a_standing(kind, at_risk, world):
    Organisation.objects.filter(pk=world.alpha.pk).update(at_risk=at_risk)
    Standing.objects.filter(organisation=world.alpha).update(kind=kind)
    term = Standing.objects.get(organisation=world.alpha)

    known_by = {role for role in ROLES if policies.can_see_standing(actor(world, role), term)}

    assert known_by == (OWN if at_risk or kind == Standing.Kind.SUSPENDED else NETWORK)


@pytest.mark.parametrize("role", [ANONYMOUS, UNAFFILIATED, GUEST, SUPERUSER])
def test_outside_the_network_nothing_is_known(role, world):
    outsider = actor(world, role)

    assert not policies.visible_to(outsider).exists()
    assert not policies.facts_visible_to(outsider).exists()
    assert not policies.standings_visible_to(outsider).exists()
    make.contact(world.beta)
    assert not policies.contacts_visible_to(outsider).exists()


def test_rights_end_with_the_affiliation(world):
    administrator = world.people[ADMINISTRATOR]
    assert policies.can_edit(actor(world, ADMINISTRATOR), world.alpha)

    administrator.affiliations.get().role_terms.update(until="2026-01-01T00:00:00Z")
    assert not policies.can_edit(actor(world, ADMINISTRATOR), world.alpha)
    assert policies.can_see_history(actor(world, ADMINISTRATOR), world.alpha)

    administrator.affiliations.update(until="2030-01-01T00:00:00Z")
    assert not policies.can_see(actor(world, ADMINISTRATOR), world.alpha)


def test_a_closed_account_sees_nothing(world):
    User.objects.filter(pk=world.people[SECRETARIAT].pk).update(is_active=False)

    assert not policies.can_see(actor(world, SECRETARIAT), world.alpha)
    assert not policies.hidden_visible_to(actor(world, SECRETARIAT)).exists()


HALVES = [
    (policies.hidden_visible_to, policies.can_see_hidden, Organisation.objects.all),
    (policies.facts_visible_to, policies.can_see_facts, Organisation.objects.all),
    (policies.contacts_visible_to, policies.can_see_contact, lambda: Contact.objects.select_related("organisation")),
    (policies.standings_visible_to, policies.can_see_standing, lambda: Standing.objects.select_related("organisation")),
]


@pytest.mark.parametrize(("many", "one", "things"), HALVES, ids=lambda half: getattr(half, "__name__", ""))
def test_the_halves_agree(many, one, things, world):
    for organisation in Organisation.objects.all():
        for audience in Audience:
            make.contact(organisation, f"{audience}@example.org", audience=audience)
        organisation.standings.update(until="2020-01-01")
        make.standing(organisation, Standing.Kind.SUSPENDED, since="2020-01-01")

    for role in ROLES:
        reader = actor(world, role)
        visible = set(many(reader).values_list("pk", flat=True))
        assert {thing.pk for thing in things() if one(reader, thing)} == visible, role
