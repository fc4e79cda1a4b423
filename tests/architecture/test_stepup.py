"""Acts of one table need a fresh proof of who acts (step-up), and what was typed waits for it."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.access.stepup import ACTS, FRESH, act_of
from tests.architecture.routes import routes
from tests.architecture.table import ROWS
from tests.architecture.world import ADMINISTRATOR, SECRETARIAT, STAFF, make_world
from tests.factories.accounts import PASSWORD, current_code

# Equality, not membership: who takes a guard away takes a line away here.
GUARDED = {
    "account_change_password": "password.change",
    "account_email": "address.change",
    "account_set_password": "password.change",
    "accounts:lockdown-code": "account.lock",
    "accounts:recovery-confirm": "account.recover",
    "accounts:recovery-start": "account.recover",
    "accounts:unlock": "account.unlock",
    "directory:import-confirm": "import.confirm",
    "directory:people-export": "people.export",
    "groups:appoint": "role.change",
    "groups:dismiss": "role.change",
    "groups:invite-guest": "guest.invite",
    "groups:visibility": "group.open",
    "mfa_activate_totp": "factor.change",
    "mfa_add_webauthn": "factor.change",
    "mfa_deactivate_totp": "factor.change",
    "mfa_download_recovery_codes": "recovery_codes.see",
    "mfa_edit_webauthn": "factor.change",
    "mfa_generate_recovery_codes": "recovery_codes.see",
    "mfa_remove_webauthn": "factor.change",
    "mfa_view_recovery_codes": "recovery_codes.see",
    "notifications:key": "mail_key.change",
    "notifications:key-remove": "mail_key.change",
    "organisations:edit-section": "at_risk.change",
    "organisations:standing": "standing.change",
    "people:affiliation-edit": "role.change",
    "people:affiliation-end": "role.change",
    "people:handover": "role.change",
    "people:invite": "role.change",
    "people:lock-down": "account.lock",
    "people:recover": "organisation.recover",
    "privacy:erase": "person.erase",
    "privacy:export": "person.export",
    "privacy:leave": "person.erase",
}
ASKED = ("/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/")


@pytest.fixture
def world(db):
    return make_world()


def test_these_routes_carry_out_acts_of_the_table():
    found = {route.name: act_of(route.view) for route in routes() if act_of(route.view)}

    assert found == GUARDED


def test_every_act_has_a_route():
    assert set(GUARDED.values()) == set(ACTS)


def at(client, seconds):
    """As one who proved it so long ago."""
    session = client.session
    session["proved_at"] = session["proved_at"] - seconds
    session.save()
    return client


def signed_in(world, role):
    client = Client()
    client.force_login(world.people[role])
    return client


def role_for(name):
    """Somebody who may enter."""
    allowed = (ROWS[name].get or frozenset()) | (ROWS[name].post or frozenset())
    return next((role for role in (SECRETARIAT, ADMINISTRATOR, STAFF) if role in allowed), ADMINISTRATOR)


@pytest.mark.parametrize("name", sorted(GUARDED))
@pytest.mark.parametrize("verb", ["get", "post"])
def test_nothing_of_it_is_reached_without_a_fresh_proof(verb, name, world):
    row = ROWS[name]
    arguments = row.arguments(world) | ({"part": "visibility"} if name == "organisations:edit-section" else {})
    client = at(signed_in(world, role_for(name)), FRESH.total_seconds() + 1)

    answer = getattr(client, verb)(reverse(name, kwargs=arguments), row.data(world) if verb == "post" else {})

    assert answer.status_code == 405 or (answer.status_code == 302 and answer.url.startswith(ASKED)), answer


def test_a_proof_is_fresh_for_a_quarter_of_an_hour(world):
    client, address = signed_in(world, ADMINISTRATOR), "/accounts/email/"

    before = at(client, FRESH.total_seconds() - 10).get(address)
    after = at(client, 11).get(address)

    assert (before.status_code, after.status_code) == (200, 302)


def test_the_password_alone_is_half_a_proof_where_there_is_a_factor(world):
    client, address = at(signed_in(world, ADMINISTRATOR), 10_000), "/accounts/email/"

    first = client.get(address)
    second = client.post(first.url, {"password": PASSWORD, "next": address})
    third = client.get(second.url)
    fourth = client.post(third.url, {"code": current_code(), "next": address})

    assert first.url.startswith(ASKED[0])
    assert second.url == address
    assert third.url.startswith(ASKED[1])
    assert fourth.url == address
    assert client.get(address).status_code == 200


def test_the_code_alone_is_half_a_proof_too(world):
    client = at(signed_in(world, ADMINISTRATOR), 10_000)

    client.post(ASKED[1], {"code": current_code()})

    assert client.get("/accounts/email/").url.startswith(ASKED[0])


def test_who_has_no_factor_gives_the_password(world):
    client = at(signed_in(world, STAFF), 10_000)

    client.post(ASKED[0], {"password": PASSWORD})

    assert client.get("/accounts/email/").status_code == 200


def test_what_was_typed_is_there_again_afterwards(world):
    client = at(signed_in(world, SECRETARIAT), 10_000)
    address = reverse("organisations:standing", args=[world.alpha.slug])
    typed = {"kind": "suspended", "since": "2026-01-02", "reason": "Line one\nline <two>", "password_like": "hush"}

    asked = client.post(address, typed)
    client.post(ASKED[0], {"password": PASSWORD})
    back = client.post(ASKED[1], {"code": current_code(), "next": asked.url.partition("next=")[2].replace("%2F", "/")})
    page = client.get(back.url)
    text = page.content.decode()

    assert f'action="{address}"' in text
    assert "suspended" in text
    assert "line &lt;two&gt;" in text
    assert "hush" not in text
    assert client.get(back.url).status_code == 302  # shown once; nothing of it stays in the database
    assert world.alpha.standings.count() == 1


def test_a_fragment_leads_the_whole_page_to_it(world):
    client = at(signed_in(world, ADMINISTRATOR), 10_000)
    there = reverse("people:team", args=[world.alpha.slug])

    answer = client.get(
        reverse("people:invite", args=[world.alpha.slug]),
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{there}"},
    )

    assert answer.headers["HX-Redirect"].startswith(ASKED[0])
    assert there.replace("/", "%2F") in answer.headers["HX-Redirect"]


def test_a_too_long_text_is_not_kept_in_the_session(world):
    client = at(signed_in(world, SECRETARIAT), 10_000)

    client.post(reverse("organisations:standing", args=[world.alpha.slug]), {"reason": "x" * 200_000})

    assert client.session["step_up"]["typed"] == {}
