"""What waits for administrators and for the Secretariat, on the home page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from memberships.people import services
from memberships.people.models import Role
from portal.accounts.models import Invitation
from tests.factories import people


def titles(client):
    page = client.get(reverse("home:home")).context["page"]
    return [str(need.title) for need in page.needs if need.url.startswith("/people/")]


def expires_in(terms, **time):
    Invitation.objects.filter(pk=terms.invitation_id).update(expires_at=timezone.now() + timedelta(**time))


def test_the_only_administrator_is_advised_to_have_a_second(network, client):
    client.force_login(network.administrator)

    assert titles(client) == ["You are the only administrator of Alpha Press Union"]

    services.role_give(None, affiliation=people.affiliation(network.staff, network.alpha), role=Role.ADMINISTRATOR)
    assert titles(client) == []


def test_a_second_administrator_with_a_closed_account_is_none(network, client):
    people.person(of=network.alpha, roles=[Role.ADMINISTRATOR], is_active=True)
    gone = people.person(of=network.alpha, roles=[Role.ADMINISTRATOR])
    gone.is_active = False
    gone.save()
    client.force_login(network.administrator)

    assert titles(client) == []


@pytest.mark.parametrize("role", ["delegate", "staff", "guest", "unaffiliated"])
def test_others_are_not_bothered(role, network, client):
    terms, _token = people.invitation(network.administrator, organisation=network.alpha)
    expires_in(terms, days=1)
    client.force_login(getattr(network, role))

    assert titles(client) == []


@pytest.mark.parametrize(("time", "speaks"), [({"days": 1}, True), ({"days": 10}, False), ({"days": -1}, False)])
def test_an_invitation_about_to_run_out_is_spoken_of(time, speaks, network, client):
    terms, _token = people.invitation(network.administrator, organisation=network.alpha)
    expires_in(terms, **time)
    client.force_login(network.administrator)

    assert ("An invitation to Ines Vited runs out" in titles(client)) is speaks


def test_several_are_spoken_of_together(network, client):
    for _ in range(2):
        terms, _token = people.invitation(network.administrator, organisation=network.alpha)
        expires_in(terms, days=2)
    client.force_login(network.administrator)

    assert "2 invitations run out soon" in titles(client)


def test_accepted_and_withdrawn_ones_are_over(network, client):
    terms, _token = people.invitation(network.administrator, organisation=network.alpha)
    expires_in(terms, days=1)
    services.invitation_revoke(network.administrator, terms=terms)
    client.force_login(network.administrator)

    assert not any("invitation" in title for title in titles(client))


def test_the_secretariat_hears_of_organisations_nobody_keeps(network, client):
    client.force_login(network.secretariat)
    assert titles(client) == []

    services.affiliation_end(None, affiliation=people.affiliation(network.administrator, network.alpha))

    assert titles(client) == ["1 organisation has no administrator"]


def test_needs_speak_of_the_organisation_acted_for(network, client):
    both = people.person("Bo Both", of=network.alpha)
    services.affiliation_start(None, person=both, organisation=network.beta, roles=["administrator"])
    services.role_end(None, affiliation=people.affiliation(network.other, network.beta), role=Role.ADMINISTRATOR)
    client.force_login(both)
    assert titles(client) == []

    client.post(reverse("people:acting-for"), {"organisation": network.beta.pk})

    assert titles(client) == ["You are the only administrator of Beta Media Watch"]
