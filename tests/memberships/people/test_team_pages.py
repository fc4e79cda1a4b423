"""The team page and what an administrator does from it."""

import pytest
from django.urls import reverse

from memberships.people import services
from memberships.people.models import Affiliation, Role
from memberships.people.selectors import administrators_of, organisations_of
from portal.accounts.models import Invitation
from tests.factories import people


def team(net):
    return reverse("people:team", args=[net.alpha.slug])


def at(name, net, who):
    return reverse(f"people:{name}", args=[net.alpha.slug, people.affiliation(who, net.alpha).pk])


def roles_of(person):
    return {role for acting in organisations_of(people.reread(person)) for role in acting.roles}


@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("delegate", 200), ("staff", 200), ("secretariat", 200), ("other", 403),
     ("at_risk", 403), ("guest", 404), ("unaffiliated", 404)],
)  # fmt: skip
def test_who_sees_the_team(role, status, network, client):
    client.force_login(getattr(network, role))

    assert client.get(team(network)).status_code == status


@pytest.mark.parametrize("name", ["invite", "handover"])
@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("delegate", 403), ("staff", 403), ("secretariat", 403), ("other", 403), ("guest", 404)],
)
def test_who_manages_it(role, status, name, network, client):
    client.force_login(getattr(network, role))

    assert client.get(reverse(f"people:{name}", args=[network.alpha.slug])).status_code == status


def test_a_refusal_says_why(network, client):
    client.force_login(network.other)

    page = client.get(team(network)).content.decode()

    assert "Only the organisation&#x27;s own people" in page
    assert "Sam Staff" not in page


def test_an_organisation_that_is_not_there(network, client):
    client.force_login(network.administrator)

    assert client.get(reverse("people:team", args=["nowhere"])).status_code == 404


def test_the_page_names_everyone_with_title_roles_and_dates(network, client):
    client.force_login(network.staff)

    page = client.get(team(network)).content.decode()

    for text in ("Ada Ministrator", "Dela Gate", "Sam Staff", "Programme lead", "Administrator", "Delegate", "since"):
        assert text in page
    assert "Invite a colleague" not in page
    assert "Open invitations" not in page


def test_invitations_and_their_addresses_are_the_administrators_business(network, client):
    people.invitation(network.administrator, organisation=network.alpha, email="canary-7f3a@example.org")
    for role, sees in (("administrator", True), ("staff", False), ("secretariat", False)):
        client.force_login(getattr(network, role))

        assert ("canary-7f3a" in client.get(team(network)).content.decode()) is sees


def test_a_colleague_with_a_second_place_at_risk_is_listed_without_it(network, client):
    people.person("Bo Both", of=[network.alpha, network.hidden], title="Canary title")
    Affiliation.objects.filter(organisation=network.hidden).update(title="canary-b81c")
    client.force_login(network.administrator)

    page = client.get(team(network)).content.decode()

    assert "Bo Both" in page
    assert "canary-b81c" not in page
    assert "Hidden Voices" not in page


def test_the_history_tells_who_came_and_went(network, client):
    services.affiliation_end(network.administrator, affiliation=people.affiliation(network.delegate, network.alpha))
    client.force_login(network.administrator)

    page = client.get(team(network)).content.decode()

    assert "Dela Gate</bdi> left; <bdi>Ada Ministrator</bdi> ended their time here" in page
    assert "Dela Gate</bdi> was given a role: Delegate" in page


def test_long_histories_are_shown_on_demand(network, client):
    affiliation = people.affiliation(network.staff, network.alpha)
    for _ in range(15):
        services.role_give(None, affiliation=affiliation, role=Role.DELEGATE)
        services.role_end(None, affiliation=affiliation, role=Role.DELEGATE)
    client.force_login(network.administrator)

    assert len(client.get(team(network)).context["history"]) == 20
    assert len(client.get(team(network), {"history": "all"}).context["history"]) == 35


def test_the_team_costs_the_same_for_one_and_three(network, client, queries):
    lonely = people.person("Lone Ly", of=network.beta, roles=[Role.ADMINISTRATOR, Role.DELEGATE])
    people.invitation(lonely, organisation=network.beta)
    services.affiliation_end(None, affiliation=people.affiliation(network.other, network.beta))
    client.force_login(lonely)
    address = reverse("people:team", args=[network.beta.slug])
    one = queries(client, address)
    for _ in range(2):
        people.person(of=network.beta, roles=[Role.DELEGATE])
        people.invitation(lonely, organisation=network.beta)

    assert queries(client, address) == one <= 16


def test_the_live_fragment_is_the_list_alone(network, client):
    client.force_login(network.staff)

    answer = client.get(team(network), headers={"HX-Request": "true"})

    assert f'data-live-topic="organisation:{network.alpha.pk}"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_inviting_from_the_page(network, client):
    client.force_login(network.administrator)
    sent = {
        "email": "ines@example.org",
        "name": "Ines Vited",
        "title": "Editor",
        "roles": ["delegate"],
        "language": "es",
    }

    answer = client.post(reverse("people:invite", args=[network.alpha.slug]), sent, follow=True)

    assert answer.redirect_chain == [(team(network), 302)]
    assert "ines@example.org" in answer.content.decode()
    assert Invitation.objects.get().language == "es"


def test_inviting_a_colleague_says_so_beside_the_field_and_keeps_what_was_typed(network, client):
    client.force_login(network.administrator)
    sent = {"email": network.staff.email, "name": "Typed Name", "language": "en"}

    page = client.post(reverse("people:invite", args=[network.alpha.slug]), sent).content.decode()

    assert 'href="#id_email"' in page
    assert 'value="Typed Name"' in page
    assert not Invitation.objects.exists()


def test_resending_and_withdrawing_from_the_page(network, client):
    terms, _token = people.invitation(network.administrator, organisation=network.alpha)
    client.force_login(network.administrator)

    assert client.post(reverse("people:invitation-resend", args=[network.alpha.slug, terms.pk])).status_code == 302
    assert client.post(reverse("people:invitation-revoke", args=[network.alpha.slug, terms.pk])).status_code == 302
    assert client.post(reverse("people:invitation-revoke", args=[network.alpha.slug, terms.pk])).status_code == 404
    assert not Invitation.objects.get().is_open


@pytest.mark.parametrize("name", ["invitation-resend", "invitation-revoke"])
def test_another_organisations_invitation_is_not_found(name, network, client):
    terms, _token = people.invitation(network.other, organisation=network.beta)
    client.force_login(network.administrator)

    assert client.post(reverse(f"people:{name}", args=[network.alpha.slug, terms.pk])).status_code == 404
    assert client.post(reverse(f"people:{name}", args=[network.beta.slug, terms.pk])).status_code == 403
    assert Invitation.objects.get().is_open


@pytest.mark.parametrize("name", ["affiliation-edit", "affiliation-end"])
def test_another_organisations_affiliation_is_not_found(name, network, client):
    client.force_login(network.administrator)
    foreign = people.affiliation(network.other, network.beta)
    address = reverse(f"people:{name}", args=[network.alpha.slug, foreign.pk])

    assert client.get(address).status_code == 404
    assert client.post(address, {"title": "x"}).status_code == 404
    assert people.affiliation(network.other, network.beta).title == "Programme lead"


@pytest.mark.parametrize("pk", [0, 10**30])
def test_affiliations_that_cannot_be(pk, network, client):
    client.force_login(network.administrator)

    assert client.get(reverse("people:affiliation-end", args=[network.alpha.slug, pk])).status_code == 404


def test_changing_title_and_roles(network, client):
    client.force_login(network.administrator)
    sent = {"title": "  Chief   editor ", "roles": ["signatory", "delegate"], "shown": ["delegate"]}

    answer = client.post(at("affiliation-edit", network, network.delegate), sent)

    assert answer.status_code == 302
    assert people.affiliation(network.delegate, network.alpha).title == "Chief editor"
    assert roles_of(network.delegate) == {"delegate", "signatory"}


def test_of_two_administrators_at_once_neither_undoes_the_other(network, client):
    client.force_login(network.administrator)
    page = client.get(at("affiliation-edit", network, network.delegate))
    shown = page.context["form"].initial["shown"]
    services.role_give(None, affiliation=people.affiliation(network.delegate, network.alpha), role=Role.SIGNATORY)

    client.post(
        at("affiliation-edit", network, network.delegate), {"title": "", "roles": ["alternate"], "shown": shown}
    )

    assert roles_of(network.delegate) == {"alternate", "signatory"}


def test_the_last_administrator_is_told_beside_the_roles(network, client):
    client.force_login(network.administrator)

    answer = client.post(
        at("affiliation-edit", network, network.administrator),
        {"title": "New", "roles": [], "shown": ["administrator"]},
    )

    assert answer.status_code == 200
    assert "Hand over to a colleague first" in answer.content.decode()
    assert 'value="New"' in answer.content.decode()
    assert list(administrators_of(network.alpha)) == [network.administrator]


def test_the_end_asks_first(network, client):
    client.force_login(network.administrator)

    page = client.get(at("affiliation-end", network, network.staff)).content.decode()

    assert "End the time of <bdi>Sam Staff</bdi> at <bdi>Alpha Press Union</bdi>?" in page
    assert people.affiliation(network.staff, network.alpha)


def test_ending_from_the_page(network, client):
    client.force_login(network.administrator)

    answer = client.post(at("affiliation-end", network, network.staff), follow=True)

    assert answer.redirect_chain == [(team(network), 302)]
    assert not Affiliation.objects.filter(person=network.staff, until__isnull=True).exists()


def test_leaving_leads_home(network, client):
    client.force_login(network.staff)
    address = at("affiliation-end", network, network.staff)
    assert "Leave <bdi>Alpha Press Union</bdi>?" in client.get(address).content.decode()

    answer = client.post(address)

    assert answer.url == reverse("home:home")


def test_the_last_administrator_is_shown_the_way_out(network, client):
    client.force_login(network.administrator)

    answer = client.post(at("affiliation-end", network, network.administrator))

    assert answer.status_code == 200
    assert reverse("people:handover", args=[network.alpha.slug]) in answer.content.decode()
    assert list(administrators_of(network.alpha)) == [network.administrator]


def test_staff_end_nobody_else(network, client):
    client.force_login(network.staff)

    assert client.post(at("affiliation-end", network, network.delegate)).status_code == 403
    assert people.affiliation(network.delegate, network.alpha)


def test_handing_over_from_the_page(network, client):
    client.force_login(network.administrator)

    answer = client.post(reverse("people:handover", args=[network.alpha.slug]), {"person": network.staff.pk})

    assert answer.url == team(network)
    assert list(administrators_of(network.alpha)) == [network.staff]


@pytest.mark.parametrize("who", ["other", "guest", "administrator"])
def test_handing_over_to_no_colleague_is_a_sentence(who, network, client):
    client.force_login(network.administrator)

    answer = client.post(reverse("people:handover", args=[network.alpha.slug]), {"person": getattr(network, who).pk})

    assert answer.status_code == 200
    assert "Choose a colleague who belongs to the organisation now." in answer.content.decode()
    assert list(administrators_of(network.alpha)) == [network.administrator]


def test_alone_there_is_nobody_to_hand_over_to(network, client):
    client.force_login(network.other)

    page = client.get(reverse("people:handover", args=[network.beta.slug])).content.decode()

    assert "There is nobody to hand over to" in page
