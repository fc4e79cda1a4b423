"""Roles in the network: given and taken by the Secretariat, and by the installation on its command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.access import roles
from portal.access.policies import is_guest, is_secretariat
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.secretariat.services import network_role_grant, network_role_revoke
from tests.architecture.world import ADMINISTRATOR, GUEST, SECRETARIAT, STAFF, SUPERUSER, make_world
from tests.factories.accounts import with_factor


@pytest.fixture
def world(db):
    return make_world()


def again(person):
    """As the next request loads them."""
    return User.objects.get(pk=person.pk)


def test_a_role_given_holds_at_the_next_request_and_ends_when_taken(world):
    person, secretariat = with_factor(world.people[STAFF]), world.people[SECRETARIAT]

    network_role_grant(secretariat, person=person, role=roles.SECRETARIAT)
    given = is_secretariat(again(person))
    network_role_revoke(secretariat, person=person, role=roles.SECRETARIAT)

    assert (given, is_secretariat(again(person))) == (True, False)
    assert list(Entry.objects.order_by("pk").values_list("verb", "actor", "target_id")) == [
        ("network_role.granted", secretariat.pk, person.pk),
        ("network_role.revoked", secretariat.pk, person.pk),
    ]


@pytest.mark.parametrize("role", [ADMINISTRATOR, GUEST, STAFF, SUPERUSER])
def test_nobody_else_gives_or_takes_roles(role, world):
    for act in (network_role_grant, network_role_revoke):
        with pytest.raises(Refused):
            act(world.people[role], person=world.people[STAFF], role=roles.SECRETARIAT)

    assert not is_secretariat(again(world.people[STAFF]))


def test_a_closed_account_has_no_role(world):
    for role, asked in ((SECRETARIAT, is_secretariat), (GUEST, is_guest)):
        person = world.people[role]
        assert asked(again(person))
        User.objects.filter(pk=person.pk).update(is_active=False)
        assert not asked(again(person))


def test_the_command_appoints_lists_and_removes(world):
    address = world.people[STAFF].email

    call_command("secretariat", "add", address.upper(), stdout=StringIO())
    listed = StringIO()
    call_command("secretariat", "list", stdout=listed)
    call_command("secretariat", "remove", address, stdout=StringIO())

    assert listed.getvalue().splitlines() == [
        "Sam Staff <sam.staff@example.org>",
        "Sekou Retariat <sekou.retariat@example.org>",
    ]
    assert not is_secretariat(again(world.people[STAFF]))


def test_the_command_knows_no_stranger(world):
    with pytest.raises(CommandError, match="nobody@example.org"):
        call_command("secretariat", "add", "nobody@example.org", stdout=StringIO())
