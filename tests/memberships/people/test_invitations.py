"""Inviting colleagues, and what accepting leads to."""

import pytest
from django.core.exceptions import ValidationError

from memberships.people import services
from memberships.people.models import AffiliationInvitation, Role
from memberships.people.selectors import administrators_of, organisations_of
from memberships.people.selectors.invitations import describe_invitation
from memberships.people.selectors.team import invitations_of, invitations_with_backing
from memberships.people.services.invitations import OPEN_INVITATIONS
from portal.access.refusal import Refused
from portal.accounts.models import Invitation, User
from portal.accounts.services import InvitationClosed, WrongAddress, invitation_accept
from portal.audit.models import Entry
from portal.live.models import Event
from portal.notifications.models import Notification
from tests.factories import people


def accept_new(token, name="Ines Vited"):
    return invitation_accept(token, name=name, password=people.PASSWORD)


def test_inviting_makes_an_open_invitation(network):
    terms = services.invite_colleague(
        network.administrator,
        organisation=network.alpha,
        email=" Ines@Example.org ",
        name="Ines Vited",
        title="Editor",
        roles=["delegate"],
        language="fr",
    )

    invitation = terms.invitation
    assert (invitation.email, invitation.purpose, invitation.language) == ("ines@example.org", "affiliation", "fr")
    assert (terms.title, terms.roles, invitation.is_open) == ("Editor", ["delegate"], True)
    entry = Entry.objects.get(verb="colleague.invited")
    assert (entry.acting_for_id, entry.target_id) == (network.alpha.pk, network.alpha.pk)
    assert "ines" not in str(entry.details), "the record holds no address"


@pytest.mark.parametrize("roles", [[], ["delegate", "signatory"], ["administrator"], ["staff"]])
def test_accepting_starts_the_affiliation(roles, network):
    _terms, token = people.invitation(network.administrator, organisation=network.alpha, title="Editor", roles=roles)

    newcomer = accept_new(token)

    acting = organisations_of(people.reread(newcomer))[0]
    assert (acting.organisation, acting.title, acting.held) == (network.alpha, "Editor", set(roles) - {"staff"})
    affiliation = people.affiliation(newcomer, network.alpha)
    assert affiliation.started_by == network.administrator
    assert Event.objects.filter(topic__name=f"rights:{newcomer.pk}").exists()


def test_accepting_tells_the_administrators_and_nobody_else(network):
    _terms, token = people.invitation(network.administrator, organisation=network.alpha)

    accept_new(token)

    told = Notification.objects.filter(kind="invitation.accepted")
    assert [notification.person for notification in told] == [network.administrator]


def test_accepting_works_once(network):
    _terms, token = people.invitation(network.administrator, organisation=network.alpha)
    accept_new(token)

    with pytest.raises(InvitationClosed):
        accept_new(token)


def test_a_forwarded_invitation_leads_nowhere(network):
    _terms, token = people.invitation(network.administrator, organisation=network.alpha, roles=["administrator"])

    with pytest.raises(WrongAddress):
        invitation_accept(token, person=network.other)

    assert list(administrators_of(network.alpha)) == [network.administrator]


def test_someone_of_another_organisation_then_belongs_to_two(network):
    _terms, token = people.invitation(network.administrator, organisation=network.alpha, email=network.other.email)

    invitation_accept(token, person=network.other)

    assert [acting.organisation for acting in organisations_of(people.reread(network.other))] == [
        network.alpha,
        network.beta,
    ]


def test_who_belongs_there_already_gets_the_roles(network):
    _terms, token = people.invitation(
        network.administrator, organisation=network.alpha, email="soon@example.org", roles=["delegate"]
    )
    soon = people.person(email="soon@example.org", of=network.alpha, title="Own title")

    invitation_accept(token, person=soon)

    acting = organisations_of(people.reread(soon))[0]
    assert (acting.roles, acting.title) == ({"delegate"}, "Own title")
    assert soon.affiliations.count() == 1


@pytest.mark.parametrize("loss", ["role", "affiliation", "account"])
def test_an_invitation_ends_with_the_right_to_invite(loss, network):
    second = people.person("Sec Ond", of=network.alpha, roles=[Role.ADMINISTRATOR])
    terms, token = people.invitation(second, organisation=network.alpha)
    if loss == "role":
        services.role_end(None, affiliation=people.affiliation(second, network.alpha), role=Role.ADMINISTRATOR)
    elif loss == "affiliation":
        services.affiliation_end(None, affiliation=people.affiliation(second, network.alpha))
    else:
        User.objects.filter(pk=second.pk).update(is_active=False)

    with pytest.raises(Refused, match="can no longer invite"):
        accept_new(token)

    assert not User.objects.filter(email=terms.invitation.email).exists(), "nothing is left of the attempt"
    assert Invitation.objects.get(pk=terms.invitation_id).is_open
    assert invitations_with_backing(network.alpha) == [(terms, False)]


def test_another_administrator_can_stand_behind_it(network):
    second = people.person("Sec Ond", of=network.alpha, roles=[Role.ADMINISTRATOR])
    terms, old_token = people.invitation(second, organisation=network.alpha, title="Editor", roles=["alternate"])
    services.affiliation_end(None, affiliation=people.affiliation(second, network.alpha))

    fresh = services.invitation_resend(network.administrator, terms=terms)

    assert fresh.invitation.invited_by == network.administrator
    assert (fresh.title, fresh.roles, fresh.invitation.email) == ("Editor", ["alternate"], terms.invitation.email)
    assert list(invitations_of(network.alpha)) == [fresh]
    with pytest.raises(InvitationClosed):
        accept_new(old_token)


def test_sending_again_gives_a_new_link_and_ends_the_old_one(network):
    terms, old_token = people.invitation(network.administrator, organisation=network.alpha)

    assert services.invitation_resend(network.administrator, terms=terms) == terms

    with pytest.raises(InvitationClosed):
        accept_new(old_token)
    assert Invitation.objects.get(pk=terms.invitation_id).is_open


def test_a_withdrawn_invitation_leads_nowhere(network):
    terms, token = people.invitation(network.administrator, organisation=network.alpha)

    services.invitation_revoke(network.administrator, terms=terms)

    with pytest.raises(InvitationClosed):
        accept_new(token)
    assert not invitations_of(network.alpha).exists()


@pytest.mark.parametrize("change", [services.invitation_revoke, services.invitation_resend])
def test_what_was_accepted_cannot_be_changed(change, network):
    terms, token = people.invitation(network.administrator, organisation=network.alpha)
    accept_new(token)

    with pytest.raises(Refused, match="accepted or withdrawn"):
        change(network.administrator, terms=terms)


@pytest.mark.parametrize("role", ["delegate", "staff", "other", "at_risk", "secretariat", "guest", "unaffiliated"])
def test_only_administrators_invite(role, network):
    terms, _token = people.invitation(network.administrator, organisation=network.alpha)
    actor = getattr(network, role)

    with pytest.raises(Refused):
        people.invitation(actor, organisation=network.alpha)
    with pytest.raises(Refused):
        services.invitation_revoke(actor, terms=terms)
    with pytest.raises(Refused):
        services.invitation_resend(actor, terms=terms)

    assert AffiliationInvitation.objects.count() == 1


def test_a_colleague_is_not_invited(network):
    with pytest.raises(ValidationError, match="already belongs"):
        people.invitation(network.administrator, organisation=network.alpha, email=network.staff.email.upper())


def test_nobody_is_invited_twice_at_a_time(network):
    people.invitation(network.administrator, organisation=network.alpha, email="ines@example.org")

    with pytest.raises(ValidationError, match="Send it again"):
        people.invitation(network.administrator, organisation=network.alpha, email="INES@example.org")


def test_the_number_of_open_invitations_is_limited(network):
    for _ in range(OPEN_INVITATIONS):
        people.invitation(network.administrator, organisation=network.alpha)

    with pytest.raises(ValidationError, match="Too many"):
        people.invitation(network.administrator, organisation=network.alpha)


@pytest.mark.parametrize("roles", [[], ["delegate", "signatory"]])
def test_the_invitation_says_who_and_to_what(roles, network):
    terms, _token = people.invitation(network.administrator, organisation=network.alpha, roles=roles)

    sentence = str(describe_invitation(terms.invitation))

    assert "Ada Ministrator" in sentence
    assert "Alpha Press Union" in sentence
    assert ("Delegate and Signatory" in sentence) is bool(roles)
