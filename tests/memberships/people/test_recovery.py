"""The Secretariat helps an organisation that nobody keeps, and only such a one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from memberships.organisations.models import Standing
from memberships.people import services
from memberships.people.models import AffiliationInvitation, Role
from memberships.people.selectors import administrators_of, organisations_without_administrator
from portal.access.refusal import Refused
from portal.accounts.services import invitation_accept
from portal.audit.models import Entry
from tests.architecture.world import organisation
from tests.factories import people


@pytest.fixture
def abandoned(network):
    """Alpha, after its only administrator has left."""
    services.affiliation_end(None, affiliation=people.affiliation(network.administrator, network.alpha))
    return network


def test_a_colleague_is_appointed(abandoned):
    services.organisation_recover(abandoned.secretariat, organisation=abandoned.alpha, person=abandoned.staff)

    assert list(administrators_of(abandoned.alpha)) == [abandoned.staff]
    entry = Entry.objects.get(verb="organisation.recovered")
    assert (entry.actor, entry.target_id) == (abandoned.secretariat, abandoned.alpha.pk)


@pytest.mark.parametrize("who", ["other", "guest", "unaffiliated", "administrator"])
def test_only_one_of_its_own_people_is_appointed(who, abandoned):
    with pytest.raises(ValidationError, match="belongs to the organisation now"):
        services.organisation_recover(
            abandoned.secretariat, organisation=abandoned.alpha, person=getattr(abandoned, who)
        )


def test_someone_from_outside_is_invited_and_keeps_it(abandoned):
    terms = services.organisation_recover(
        abandoned.secretariat, organisation=abandoned.alpha, email="new@example.org", name="Nora Newcomer"
    )
    assert isinstance(terms, AffiliationInvitation)

    newcomer = invitation_accept(people.token_for(terms), name="Nora Newcomer", password=people.PASSWORD)

    assert list(administrators_of(abandoned.alpha)) == [newcomer]


def test_the_invitation_ends_when_the_organisation_is_kept_again(abandoned):
    terms = services.organisation_recover(
        abandoned.secretariat, organisation=abandoned.alpha, email="new@example.org", name="Nora Newcomer"
    )
    services.organisation_recover(abandoned.secretariat, organisation=abandoned.alpha, person=abandoned.staff)

    with pytest.raises(Refused, match="can no longer invite"):
        invitation_accept(people.token_for(terms), name="Nora Newcomer", password=people.PASSWORD)

    assert list(administrators_of(abandoned.alpha)) == [abandoned.staff]


@pytest.mark.parametrize("role", ["delegate", "staff", "other", "at_risk", "guest", "unaffiliated"])
def test_nobody_else_recovers(role, abandoned):
    with pytest.raises(Refused):
        services.organisation_recover(getattr(abandoned, role), organisation=abandoned.alpha, person=abandoned.staff)


def test_an_organisation_with_an_administrator_is_left_alone(network, client):
    with pytest.raises(Refused, match="only where the organisation has none"):
        services.organisation_recover(network.secretariat, organisation=network.alpha, person=network.staff)
    client.force_login(network.secretariat)
    address = reverse("people:recover", args=[network.alpha.slug])

    assert "has an administrator" in client.get(address).content.decode()
    refused = client.post(address, {"act": "appoint", "appoint-person": network.staff.pk})

    assert refused.status_code == 403
    assert list(administrators_of(network.alpha)) == [network.administrator]


def test_the_list_holds_what_nobody_keeps_and_no_former_members(network):
    never, former = organisation("Never Kept"), organisation("Former Member")
    Standing.objects.filter(organisation=former).update(until=date(2020, 1, 1))
    Standing.objects.create(organisation=former, kind=Standing.Kind.FORMER, since=date(2020, 1, 1))
    services.affiliation_end(None, affiliation=people.affiliation(network.administrator, network.alpha))

    listed = {found.name: (found.people_count, found.left_at) for found in organisations_without_administrator()}

    assert set(listed) == {"Alpha Press Union", "Never Kept"}
    assert listed["Never Kept"] == (0, None)
    assert listed["Alpha Press Union"][0] == 2
    assert timezone.now() - listed["Alpha Press Union"][1] < timedelta(minutes=1)
    assert never in organisations_without_administrator()


def test_an_administrator_whose_account_is_closed_leaves_the_organisation_unkept(network):
    network.administrator.is_active = False
    network.administrator.save()

    assert network.alpha in organisations_without_administrator()


def test_the_page_appoints(abandoned, client):
    client.force_login(abandoned.secretariat)
    assert "Alpha Press Union" in client.get(reverse("people:recovery")).content.decode()

    answer = client.post(
        reverse("people:recover", args=[abandoned.alpha.slug]), {"act": "appoint", "appoint-person": abandoned.staff.pk}
    )

    assert answer.status_code == 302
    assert list(administrators_of(abandoned.alpha)) == [abandoned.staff]


def test_the_page_invites(abandoned, client):
    client.force_login(abandoned.secretariat)
    sent = {"act": "invite", "invite-email": "new@example.org", "invite-name": "Nora", "invite-language": "ar"}

    answer = client.post(reverse("people:recover", args=[abandoned.alpha.slug]), sent)

    assert answer.status_code == 302
    terms = AffiliationInvitation.objects.get()
    assert (terms.roles, terms.invitation.language) == ([Role.ADMINISTRATOR], "ar")
    page = client.get(reverse("people:recover", args=[abandoned.alpha.slug])).content.decode()
    assert "new@example.org" in page


@pytest.mark.parametrize("sent", [
    {}, {"act": "appoint"}, {"act": "appoint", "appoint-person": "0"}, {"act": "appoint", "appoint-person": "x" * 999},
    {"act": "invite", "invite-email": "nobody"}, {"act": "??", "invite-name": "\u202eevil"},
])  # fmt: skip
def test_nonsense_is_answered_with_a_sentence_and_kept(sent, abandoned, client):
    client.force_login(abandoned.secretariat)

    answer = client.post(reverse("people:recover", args=[abandoned.alpha.slug]), sent)

    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    assert not administrators_of(abandoned.alpha).exists()


def test_no_such_organisation(network, client):
    client.force_login(network.secretariat)

    assert client.get(reverse("people:recover", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "delegate", "staff", "other", "guest", "unaffiliated"])
def test_the_pages_are_the_secretariats(role, network, client):
    client.force_login(getattr(network, role))

    assert client.get(reverse("people:recovery")).status_code == 403
    assert client.get(reverse("people:recover", args=[network.alpha.slug])).status_code == 403


def test_the_list_costs_the_same_for_one_and_three(network, client, queries):
    client.force_login(network.secretariat)
    organisation("Never Kept")
    one = queries(client, reverse("people:recovery"))
    organisation("Never Kept either")
    organisation("Never Kept at all")

    assert queries(client, reverse("people:recovery")) == one <= 8
