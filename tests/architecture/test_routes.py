"""Who gets in where: every route of the site × every role × GET, POST and htmx (check A1), and the public list (A2).

The headers of all these answers are looked at as well (C1)."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.access.guards import policy_of
from tests.architecture.headers import loosely_made, wrong_headers
from tests.architecture.routes import routes
from tests.architecture.table import ROWS, expected
from tests.architecture.world import ANONYMOUS, ROLES, make_world

# Equality, not membership: a route that becomes public must be written here by hand.
PUBLIC = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accounts:invitation",
    "accounts:recover",
    "accounts:recovery-stop",
    "accounts:lock-down",
    "accounts:locked-down",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "notifications:stop",
    "privacy:notice",
    "privacy:return",
    "set_language",
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


@contextmanager
def undone():
    """What happens inside leaves no trace, so that one world serves every role."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_route_for_every_role(name, world):
    row = ROWS[name]
    address, data = reverse(name, kwargs=row.arguments(world)), row.data(world)
    # Views ask for rights before they look at what htmx wants: one who is let in and one who is not are enough.
    by_htmx = {next((role for role in ROLES if (role in (row.get or ())) is let_in), None) for let_in in (True, False)}
    wrong = []

    for role in ROLES:
        with undone():
            client = Client()
            if world.person(role) is not None:
                client.force_login(world.person(role))
            for verb, headers in (("get", {}), ("get", {"HX-Request": "true"}), ("post", {})):
                if headers and role not in by_htmx:
                    continue
                with undone():
                    answer = getattr(client, verb)(address, data if verb == "post" else {}, headers=headers)
                if answer.status_code not in expected(row, role, verb):
                    wrong.append((role, verb, headers, answer.status_code))
                loose = loosely_made(answer) if verb == "get" and role != ANONYMOUS and name != "files:download" else []
                wrong += [(role, verb, headers, what) for what in [*wrong_headers(answer), *loose]]

    assert wrong == []
