"""Coming into groups: open ones are joined, closed ones asked, into secret ones only an invitation leads."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.access.refusal import Refused
from portal.notifications.models import Notification
from tests.architecture.world import ADMINISTRATOR, AT_RISK, DELEGATE, GUEST, OTHER, SECRETARIAT, STAFF, person
from tests.factories.groups import group, takes_part
from workspaces.groups import policies, services
from workspaces.groups.models import Approach, Workspace
from workspaces.groups.selectors.participation import current_organisations


def told(kind):
    return sorted(Notification.objects.filter(kind=kind).values_list("person__name", flat=True))


def there(workspace):
    return set(current_organisations().filter(workspace=workspace).values_list("organisation__name", flat=True))


def test_an_open_group_is_joined_by_whoever_decides_for_an_organisation(world, place):
    delegate, open_group = world.people[DELEGATE], world.open_group

    services.come_in(delegate, workspace=open_group, organisation=world.alpha)

    assert there(open_group) == {"Beta Media Watch", "Alpha Press Union"}
    assert place(delegate, open_group).organisation == world.alpha
    assert told("group.organisation_joined") == ["Otto Other"]
    with pytest.raises(Refused):
        services.organisation_join(delegate, workspace=open_group, organisation=world.beta)


def test_colleagues_follow_by_themselves_into_an_open_group_and_nowhere_else(world, place):
    staff, open_group = world.people[STAFF], world.open_group
    with pytest.raises(Refused):  # alpha is not in it
        services.come_in(staff, workspace=open_group, organisation=world.alpha)
    services.organisation_join(world.people[DELEGATE], workspace=open_group, organisation=world.alpha)

    assert services.come_in(staff, workspace=open_group, organisation=world.alpha)

    assert place(staff, open_group).organisation == world.alpha
    with pytest.raises(Refused):
        services.person_join(world.people[GUEST], workspace=open_group)
    with pytest.raises(Refused):
        services.person_join(world.people[STAFF], workspace=world.group, organisation=world.alpha)


def test_a_closed_group_is_asked_and_a_facilitator_answers_once(world, place):
    delegate, keeper, closed = world.people[DELEGATE], world.people[ADMINISTRATOR], world.group

    assert not services.come_in(delegate, workspace=closed, organisation=world.alpha, words="I follow the cases.")

    request = closed.approaches.get(by=delegate)
    assert (request.side, request.words, place(delegate, closed)) == ("asked", "I follow the cases.", None)
    assert told("group.asked") == ["Ada Ministrator", "Ada Ministrator"]  # the organisation at risk asks too
    with pytest.raises(ValidationError):
        services.come_in(delegate, workspace=closed, organisation=world.alpha)
    with pytest.raises(Refused):
        services.approach_answer(world.people[OTHER], approach=request, accept=True)

    services.approach_answer(keeper, approach=request, accept=True)

    assert place(delegate, closed).organisation == world.alpha
    assert told("group.let_in") == ["Dela Gate"]
    with pytest.raises(ValidationError):
        services.approach_answer(keeper, approach=request, accept=False)


def test_whoever_is_not_let_in_is_told_and_may_ask_again(world, place):
    keeper, request = world.people[ADMINISTRATOR], world.group.approaches.get()

    services.approach_answer(keeper, approach=request, accept=False, reason="There are enough of us.")

    request.refresh_from_db()
    assert (request.answer, request.reason) == (Approach.Answer.DECLINED, "There are enough of us.")
    assert "Hidden Voices" not in there(world.group)
    assert told("group.not_let_in") == ["Ria Risk"]
    services.organisation_ask(world.people[AT_RISK], workspace=world.group, organisation=world.hidden)
    assert [one.number for one in world.group.approaches.order_by("number")] == [1, 2]


def test_an_organisation_comes_even_when_whoever_asked_decides_no_longer(world, place):
    asked = world.group.approaches.get()
    risk = world.people[AT_RISK]
    risk.affiliations.get().role_terms.all().delete()

    services.approach_answer(world.people[ADMINISTRATOR], approach=asked, accept=True)

    assert "Hidden Voices" in there(world.group)
    assert place(risk, world.group) is None


def test_a_request_whose_ground_is_gone_cannot_be_accepted(world):
    delegate = world.people[DELEGATE]
    services.person_ask(delegate, workspace=world.group, organisation=world.alpha)
    request = world.group.approaches.get(by=delegate)
    delegate.affiliations.update(until=timezone.now())

    with pytest.raises(Refused):
        services.approach_answer(world.people[ADMINISTRATOR], approach=request, accept=True)

    request.refresh_from_db()
    assert request.is_open


def test_one_takes_back_ones_own_request_and_facilitators_their_invitations(world):
    request, keeper = world.group.approaches.get(), world.people[ADMINISTRATOR]
    with pytest.raises(Refused):
        services.approach_withdraw(keeper, approach=request)
    services.approach_withdraw(world.people[AT_RISK], approach=request)
    invited = services.person_invite(keeper, workspace=world.group, person=world.people[DELEGATE])
    with pytest.raises(Refused):
        services.approach_withdraw(world.people[DELEGATE], approach=invited)
    services.approach_withdraw(keeper, approach=invited)

    assert set(world.group.approaches.values_list("answer", flat=True)) == {Approach.Answer.WITHDRAWN}
    assert not policies.is_invited(world.people[DELEGATE], world.group)


def test_into_a_secret_group_only_an_invitation_leads(world, place):
    secret, keeper, other = world.secret_group, world.people[AT_RISK], world.people[OTHER]
    assert policies.entrances(other, secret) == ([], False)
    for act in (services.organisation_join, services.organisation_ask):
        with pytest.raises(Refused):
            act(other, workspace=secret, organisation=world.beta)
    assert not policies.can_see(other, secret)

    invited = services.organisation_invite(keeper, workspace=secret, organisation=world.beta)

    assert policies.can_see(other, secret)
    assert not policies.can_read(other, secret)
    assert not policies.can_see(world.people[STAFF], secret)
    services.approach_answer(other, approach=invited, accept=True)
    assert place(other, secret).organisation == world.beta
    assert policies.can_read(other, secret)


def test_whoever_declines_an_invitation_no_longer_knows_of_the_secret_group(world):
    secret, other = world.secret_group, world.people[OTHER]
    invited = services.person_invite(world.people[AT_RISK], workspace=secret, person=other, words="We need you.")

    services.approach_answer(other, approach=invited, accept=False)

    assert not policies.can_see(other, secret)
    assert told("group.invitation_declined") == ["Ria Risk"]


@pytest.mark.parametrize("again", ["in already", "invited already", "has asked"])
def test_nobody_is_invited_twice(again, world):
    keeper, closed = world.people[ADMINISTRATOR], world.group
    organisation = {"in already": world.beta, "has asked": world.hidden}.get(again)
    if organisation is None:
        organisation = world.beta
        closed.organisations.filter(organisation=world.beta).delete()
        services.organisation_invite(keeper, workspace=closed, organisation=organisation)

    with pytest.raises(ValidationError):
        services.organisation_invite(keeper, workspace=closed, organisation=organisation)


def test_only_people_of_the_network_are_invited_as_such(world):
    for outside in (world.people[GUEST], person("Una Active", is_active=False)):
        with pytest.raises(ValidationError):
            services.person_invite(world.people[ADMINISTRATOR], workspace=world.group, person=outside)
    with pytest.raises(ValidationError):
        services.person_invite(world.people[ADMINISTRATOR], workspace=world.group, person=world.people[STAFF])


def test_in_a_group_of_people_nobody_brings_an_organisation(world, place):
    people = group("Editors' table", members=Workspace.Members.PEOPLE, visibility=Workspace.Visibility.OPEN)
    takes_part(people, world.people[OTHER], keeps=True)
    with pytest.raises(ValidationError):
        services.organisation_invite(world.people[OTHER], workspace=people, organisation=world.alpha)
    assert policies.entrances(world.people[STAFF], people) == ([], True)

    services.come_in(world.people[STAFF], workspace=people, organisation=None)

    held = place(world.people[STAFF], people)
    assert (held.organisation, held.is_guest) == (None, False)
    assert policies.speaks_for(world.people[STAFF], people) == ([world.alpha], True)


def test_everybody_is_in_the_commons_without_joining_it(world):
    commons = group("Commons", kind=Workspace.Kind.COMMONS, visibility=Workspace.Visibility.OPEN)

    assert policies.entrances(world.people[STAFF], commons) == ([], False)
    writes = {role for role, one in world.people.items() if policies.can_take_part(one, commons)}
    assert writes == {OTHER, AT_RISK, STAFF, DELEGATE, ADMINISTRATOR, SECRETARIAT}


def test_nobody_comes_into_a_group_that_does_not_work(world):
    for workspace in (world.dissolved_group, world.proposed_group):
        with pytest.raises(Refused):
            services.organisation_join(world.people[OTHER], workspace=workspace, organisation=world.beta)


def test_those_who_decide_name_colleagues_who_are_told_and_no_strangers(world, place):
    delegate, closed = world.people[DELEGATE], world.group
    newcomer = person("Co Lleague", of=world.alpha)

    services.colleague_name(delegate, workspace=closed, organisation=world.alpha, person=newcomer)

    assert place(newcomer, closed).organisation == world.alpha
    assert told("group.named") == ["Co Lleague"]
    for stranger in (world.people[OTHER], newcomer):
        with pytest.raises(ValidationError):
            services.colleague_name(delegate, workspace=closed, organisation=world.alpha, person=stranger)
    with pytest.raises(Refused):
        services.colleague_name(
            world.people[STAFF], workspace=closed, organisation=world.alpha, person=world.people[DELEGATE]
        )
