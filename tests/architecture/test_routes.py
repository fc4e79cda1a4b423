"""Who gets in where: every route of the site × every role × GET, POST and htmx (check A1), and the public list (A2)."""

import pytest
from django.urls import reverse

from portal.access.guards import policy_of
from tests.architecture.routes import routes
from tests.architecture.table import ROWS, expected
from tests.architecture.world import ROLES, make_world

# Equality, not membership: a route that becomes public must be written here by hand.
PUBLIC = {
    "account_confirm_email",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


@pytest.fixture
def world(db):
    return make_world()


def all_routes():
    return sorted(routes(), key=lambda route: route.name)


def test_every_view_carries_a_policy_mark():
    assert [route.path for route in all_routes() if policy_of(route.view) is None] == []


def test_the_public_routes_are_exactly_these():
    assert {route.name for route in all_routes() if policy_of(route.view) == "public"} == PUBLIC


def test_every_route_has_a_row():
    assert {route.name for route in all_routes()} - set(ROWS) == set()


def test_every_row_has_a_route():
    assert set(ROWS) - {route.name for route in all_routes()} == set()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(ROWS))
def test_role_by_route(name, role, world, client):
    row = ROWS[name]
    address = reverse(name, kwargs=row.arguments(world))
    person = world.person(role)
    if person is not None:
        client.force_login(person)

    for verb, headers in (("get", {}), ("get", {"HX-Request": "true"}), ("post", {})):
        answer = getattr(client, verb)(address, row.data(world) if verb == "post" else {}, headers=headers)
        assert answer.status_code in expected(row, role, verb), (verb, headers, answer.status_code)
