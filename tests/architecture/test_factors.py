"""No factor, no role (check B1): whoever holds a role without a second factor gets in nowhere that the role opens."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from memberships.people.models import Role
from memberships.people.policies import can_manage_people, holds_role, is_in_network, roles_to_give
from memberships.people.selectors import acting_for, organisations_of
from portal.access.policies import is_of_secretariat, is_secretariat, secretariat
from portal.accounts.models import User
from portal.accounts.selectors import awaits_factor, has_second_factor
from tests.architecture.table import ROWS, expected
from tests.architecture.test_routes import undone
from tests.architecture.world import (
    ADMINISTRATOR,
    AT_RISK,
    DELEGATE,
    OTHER,
    SECRETARIAT,
    STAFF,
    UNAFFILIATED,
    make_world,
)
from tests.factories.accounts import with_factor

# What is left of a role without its rights.
LEFT = {SECRETARIAT: UNAFFILIATED, ADMINISTRATOR: STAFF, DELEGATE: STAFF}
# Of these rows one is about the staff's own affiliation, others about what is the administrator's own as a person.
OWN_THINGS = {
    "notifications:open", "notifications:read", "notifications:level", "notifications:event", "accounts:session-end",
    "people:affiliation-end", "accounts:recovery-cancel",
}  # fmt: skip
# In groups a place gives rights, and not a role: the administrator's own, who facilitates one, stays theirs.
BY_PLACE = ("groups", "chat", "conversations", "group_files", "group_tasks", "group_calendar")
DECIDING = {"groups:new", "groups:name"}  # these are about deciding for an organisation all the same
SENTENCE = "you can use it once you sign in with a second factor"


@pytest.fixture
def world(db):
    """The network of the tables on the day when all second factors are lost; recovery codes are none."""
    made = make_world()
    Authenticator.objects.all().delete()
    for role in LEFT:
        RecoveryCodes.activate(made.people[role])
    return made


def privileged(role):
    """The routes that `role` may enter and what is left of it may not."""
    rows = {name: row for name, row in ROWS.items() if name not in OWN_THINGS}
    if role == ADMINISTRATOR:
        rows = {name: row for name, row in rows.items() if name.split(":")[0] not in BY_PLACE or name in DECIDING}
    return sorted(
        name
        for name, row in rows.items()
        if any(expected(row, role, verb) != expected(row, LEFT[role], verb) for verb in ("get", "post"))
    )


@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role in (SECRETARIAT, ADMINISTRATOR) for name in privileged(role)]
)
def test_a_role_without_factor_opens_nothing(role, name, world):
    row = ROWS[name]
    address, data = reverse(name, kwargs=row.arguments(with_factors(world))), row.data(world)
    Authenticator.objects.exclude(type="recovery_codes").delete()
    client = Client()
    client.force_login(User.objects.get(pk=world.people[role].pk))

    for verb, headers in (("get", {}), ("get", {"HX-Request": "true"}), ("post", {})):
        with undone():
            answer = getattr(client, verb)(address, data if verb == "post" else {}, headers=headers)
        assert answer.status_code in expected(row, LEFT[role], verb), (verb, headers)


def with_factors(world):
    """Some rows make what they need by the services, which ask for rights."""
    for role in (*LEFT, OTHER, AT_RISK):
        world.people[role] = with_factor(User.objects.get(pk=world.people[role].pk))
    return world


def test_there_are_such_routes():
    assert len(privileged(SECRETARIAT)) > 15
    assert len(privileged(ADMINISTRATOR)) > 5


def test_rights_come_with_the_factor_and_go_with_it(world):
    def asked():
        keeper, staff = (User.objects.get(pk=world.people[role].pk) for role in (ADMINISTRATOR, SECRETARIAT))
        return (
            holds_role(keeper, world.alpha, Role.ADMINISTRATOR),
            can_manage_people(keeper, world.alpha),
            bool(roles_to_give(keeper, world.alpha)),
            is_secretariat(staff),
        )

    before = asked()
    for role in (ADMINISTRATOR, SECRETARIAT):
        with_factor(world.people[role])
    between = asked()
    Authenticator.objects.filter(type="totp").delete()

    assert (before, between, asked()) == ((False,) * 4, (True,) * 4, (False,) * 4)


def test_the_role_is_still_shown_and_belonging_needs_no_factor(world):
    keeper, staff = world.people[ADMINISTRATOR], world.people[SECRETARIAT]
    acting = acting_for(keeper, world.alpha.pk)

    assert (acting.held, acting.roles) == ({"administrator"}, frozenset())
    assert is_in_network(keeper)
    assert staff in secretariat()
    assert is_of_secretariat(staff)
    assert not is_of_secretariat(AnonymousUser())
    assert world.people[ADMINISTRATOR].name in colleague_page(world)


def colleague_page(world):
    reader = with_factor(world.people[DELEGATE])
    client = Client()
    client.force_login(reader)
    return client.get(reverse("people:team", args=[world.alpha.slug])).content.decode()


@pytest.mark.parametrize(
    ("role", "told"), [(SECRETARIAT, True), (ADMINISTRATOR, True), (DELEGATE, True), (STAFF, False)]
)
def test_every_page_says_what_is_missing_and_where_to_get_it(role, told, world):
    client = Client()
    client.force_login(world.people[role])

    for path in ("/", "/accounts/security/", "/more/", "/audit/"):
        page = client.get(path).content.decode()
        assert (SENTENCE in page) is told, path
        assert ('href="/accounts/security/#factors"' in page) is told, path


def test_the_refusal_says_so(world):
    client = Client()
    client.force_login(world.people[SECRETARIAT])

    answer = client.get("/audit/")

    assert answer.status_code == 403
    assert "The Secretariat can open this page only with a second factor." in answer.content.decode()


def test_a_passkey_is_a_factor_and_recovery_codes_are_not(world):
    keeper = world.people[ADMINISTRATOR]

    before = has_second_factor(keeper), awaits_factor(keeper)
    Authenticator.objects.create(user=keeper, type="webauthn", data={"name": "Blue key", "credential": {}})
    keeper = User.objects.get(pk=keeper.pk)

    assert before == (False, True)
    assert (has_second_factor(keeper), awaits_factor(keeper)) == (True, False)


@pytest.mark.parametrize("role", [SECRETARIAT, ADMINISTRATOR, STAFF, UNAFFILIATED])
def test_asking_costs_no_query_of_its_own(role, world):
    """It is read with the roles, and where there are no roles it is not asked."""
    person = User.objects.get(pk=world.people[role].pk)

    with CaptureQueriesContext(connection) as queries:
        is_secretariat(person)
        organisations_of(person)
        awaits_factor(person)

    assert len(queries) == 2
