"""Who may do what: role × verb, in an organisation that has administrators, that has none, and after an end."""

import pytest
from django.contrib.auth.models import AnonymousUser

from memberships.people import policies, services
from memberships.people.models import Affiliation, Profile, Role
from tests.factories import people

OUTSIDE = ("other", "at_risk", "guest", "unaffiliated")
EVERYONE = ("administrator", "delegate", "staff", "secretariat", *OUTSIDE)

OWN = {"administrator", "delegate", "staff"}
ADMINISTRATOR = {"administrator"}
NOT_HIDDEN = set(EVERYONE) - {"guest", "unaffiliated"}
SEES_HIDDEN = {"at_risk", "secretariat"}


def gives(role):
    return lambda actor, net: policies.can_give_roles(actor, net.alpha, [role])


def invites(*roles):
    return lambda actor, net: policies.can_invite(actor, net.alpha, roles)


def sees(who):
    return lambda actor, net: policies.can_see_person(actor, getattr(net, who))


VERBS = {
    "see the team": (lambda actor, net: policies.can_see_team(actor, net.alpha), OWN | {"secretariat"}),
    "manage people": (lambda actor, net: policies.can_manage_people(actor, net.alpha), ADMINISTRATOR),
    "invite staff": (invites(), ADMINISTRATOR),
    "invite a delegate": (invites(Role.DELEGATE), ADMINISTRATOR),
    "invite an administrator": (invites(Role.ADMINISTRATOR), ADMINISTRATOR),
    "change a colleague": (
        lambda actor, net: policies.can_edit_affiliation(actor, of(net.staff, net)),
        ADMINISTRATOR,
    ),
    "end a colleague's time": (
        lambda actor, net: policies.can_end_affiliation(actor, of(net.staff, net)),
        {"administrator", "staff"},
    ),
    "end the delegate's role": (
        lambda actor, net: policies.can_end_role(actor, of(net.delegate, net), Role.DELEGATE),
        {"administrator", "delegate"},
    ),
    "give the role of delegate": (gives(Role.DELEGATE), ADMINISTRATOR),
    "give the role of administrator": (gives(Role.ADMINISTRATOR), ADMINISTRATOR),
    "give what is never given": (gives(Role.STAFF), set()),
    "recover": (lambda actor, net: policies.can_recover(actor, net.alpha), set()),
    "see a person of Alpha": (sees("staff"), NOT_HIDDEN),
    "see a person of Hidden": (sees("at_risk"), SEES_HIDDEN),
    "see a guest": (sees("guest"), {"guest", "secretariat"}),
    "edit the profile of staff": (lambda actor, net: policies.can_edit_profile(actor, net.staff), {"staff"}),
    "read a colleague's address": (
        lambda actor, net: policies.can_see_email(actor, profile(net.staff)),
        OWN | {"secretariat"},
    ),
    "know of a place at Hidden": (
        lambda actor, net: policies.can_see_affiliation(actor, people.affiliation(net.at_risk, net.hidden)),
        SEES_HIDDEN,
    ),
}


def of(who, net):
    return people.affiliation(who, net.alpha)


def profile(who):
    return Profile.objects.get(person=who)


@pytest.mark.parametrize("verb", VERBS)
def test_role_by_verb(verb, network):
    may, allowed = VERBS[verb]

    answers = {role: may(people.reread(getattr(network, role)), network) for role in EVERYONE}

    assert {role for role, answer in answers.items() if answer} == allowed
    assert may(AnonymousUser(), network) is False


@pytest.mark.parametrize("verb", VERBS)
def test_a_closed_account_may_nothing(verb, network):
    may, allowed = VERBS[verb]
    for role in allowed:
        actor = people.reread(getattr(network, role))
        actor.is_active = False
        actor.save()

        assert may(actor, network) is False


@pytest.mark.parametrize("role", ["administrator", "delegate", "staff"])
def test_rights_end_with_the_affiliation(role, network):
    actor = getattr(network, role)
    colleague = people.person("Cole League", of=network.alpha, roles=[Role.DELEGATE])
    services.affiliation_end(None, affiliation=of(actor, network))
    actor = people.reread(actor)

    assert not policies.is_in_network(actor)
    assert not policies.can_see_team(actor, network.alpha)
    assert not policies.can_manage_people(actor, network.alpha)
    assert not policies.can_invite(actor, network.alpha, [])
    assert policies.roles_to_give(actor, network.alpha) == set()
    assert not policies.can_end_affiliation(actor, of(colleague, network))
    assert not policies.can_end_role(actor, of(colleague, network), Role.DELEGATE)
    assert not policies.can_see_email(actor, profile(colleague))
    assert list(policies.visible_to(actor)) == [actor]
    assert not policies.visible_affiliations(actor).exists()


@pytest.mark.parametrize("role", EVERYONE)
def test_nothing_can_be_done_to_an_affiliation_that_has_ended(role, network):
    affiliation = of(network.staff, network)
    services.affiliation_end(None, affiliation=affiliation)
    affiliation = Affiliation.objects.get(pk=affiliation.pk)
    actor = people.reread(getattr(network, role))

    assert not policies.can_edit_affiliation(actor, affiliation)
    assert not policies.can_end_affiliation(actor, affiliation)
    assert not policies.can_end_role(actor, affiliation, Role.DELEGATE)
    assert not policies.can_see_affiliation(actor, affiliation)


@pytest.mark.parametrize("role", EVERYONE)
def test_where_nobody_keeps_the_organisation_only_the_secretariat_helps(role, network):
    services.affiliation_end(None, affiliation=of(network.administrator, network))
    actor = people.reread(getattr(network, role))

    helps = role == "secretariat"

    assert policies.can_recover(actor, network.alpha) is helps
    assert policies.can_invite(actor, network.alpha, [Role.ADMINISTRATOR]) is helps
    assert policies.roles_to_give(actor, network.alpha) == ({Role.ADMINISTRATOR} if helps else set())
    assert not policies.can_invite(actor, network.alpha, []), "recovery is no way to fill a team"
    assert not policies.can_manage_people(actor, network.alpha)


@pytest.mark.parametrize("held", list(Role))
def test_who_may_give_which_role_follows_one_table(held, network):
    holder = people.person(of=network.alpha, roles=[held])

    assert policies.roles_to_give(holder, network.alpha) == policies.MAY_GIVE[held]
    assert policies.roles_to_give(holder, network.beta) == set()


def test_an_administrator_whose_account_is_closed_keeps_nothing(network):
    network.administrator.is_active = False
    network.administrator.save()

    assert policies.can_recover(people.reread(network.secretariat), network.alpha)


def test_someone_in_two_organisations_has_each_ones_rights_only_there(network):
    both = people.person("Bo Both", of=[network.alpha, network.beta])
    services.role_give(None, affiliation=people.affiliation(both, network.beta), role=Role.ADMINISTRATOR)
    both = people.reread(both)

    assert policies.can_manage_people(both, network.beta)
    assert not policies.can_manage_people(both, network.alpha)
    assert policies.can_see_team(both, network.alpha)
    assert not policies.can_end_affiliation(both, of(network.staff, network))


def test_a_second_affiliation_at_risk_hides_a_person_from_all_but_colleagues(network):
    both = people.person("Bo Both", of=[network.alpha, network.hidden])

    seen_by = {role for role in EVERYONE if policies.can_see_person(people.reread(getattr(network, role)), both)}

    assert seen_by == {"administrator", "delegate", "staff", "secretariat", "at_risk"}
    places = {
        role: set(
            policies.visible_affiliations(people.reread(getattr(network, role)))
            .filter(person=both)
            .values_list("organisation__name", flat=True)
        )
        for role in EVERYONE
    }
    assert places["administrator"] == {"Alpha Press Union"}
    assert places["at_risk"] == places["secretariat"] == {"Alpha Press Union", "Hidden Voices"}
    assert places["other"] == places["guest"] == set()


@pytest.mark.parametrize("audience", Profile.Audience.values)
@pytest.mark.parametrize("ask", ["can_see_email", "can_see_phone"])
def test_contacts_reach_their_audience(ask, audience, network):
    Profile.objects.filter(person=network.staff).update(email_audience=audience, phone_audience=audience)
    own = {"administrator", "delegate", "staff", "secretariat"}

    readers = {
        role
        for role in EVERYONE
        if getattr(policies, ask)(people.reread(getattr(network, role)), profile(network.staff))
    }

    assert readers == (own if audience == "colleagues" else own | {"other", "at_risk"})
