"""For whom the reader acts: shown on every page, chosen in the top bar, asked again in each dialog."""

import pytest
from django import forms
from django.urls import reverse

from memberships.people import services
from memberships.people.forms import ActingForField, ActingForForm
from memberships.people.models import Role
from memberships.people.selectors.acting import CHOSEN_KEY
from tests.factories import people

ADDRESS = "/people/acting-for/"


@pytest.fixture
def both(network):
    made = people.person("Bo Both", of=[network.beta, network.alpha])
    services.role_give(None, affiliation=people.affiliation(made, network.beta), role=Role.DELEGATE)
    return people.reread(made)


def shown(client):
    """What the slot says, from a page of the site."""
    context = client.get(reverse("people:profile-edit")).context
    slots = dict(context["header_slots"]())
    values = slots.get("memberships/people/_acting_for_slot.html")
    return values and (values["acting"].organisation.name if values["acting"] else "Myself")


def test_with_one_organisation_it_is_that_one(network, client):
    client.force_login(network.staff)

    assert shown(client) == "Alpha Press Union"


@pytest.mark.parametrize("role", ["guest", "unaffiliated", "secretariat"])
def test_without_an_organisation_there_is_no_slot(role, network, client):
    client.force_login(getattr(network, role))

    assert shown(client) is None


def test_each_choice_says_what_one_may_do(both, client):
    client.force_login(both)

    page = client.get(reverse("people:profile-edit")).content.decode()

    assert "You can take part as staff" in page
    assert "You can vote" in page
    assert "You can post, without a vote" in page


@pytest.mark.parametrize(
    ("roles", "words"),
    [([], "You can take part as staff"), (["administrator"], "You can manage the profile and the team"),
     (["alternate"], "You can vote"), (["delegate", "signatory"], "You can vote and sign"),
     (["administrator", "delegate", "signatory"], "You can manage the team, vote and sign")],
)  # fmt: skip
def test_powers_are_said_in_whole_sentences(roles, words, network):
    from memberships.people.selectors import organisations_of

    assert organisations_of(people.person(of=network.alpha, roles=roles))[0].powers == words


def test_choosing_another(both, network, client):
    client.force_login(both)
    assert shown(client) == "Alpha Press Union"

    answer = client.post(ADDRESS, {"organisation": network.beta.pk, "next": "/people/me/edit/?a=1"})

    assert answer.url == "/people/me/edit/?a=1"
    assert shown(client) == "Beta Media Watch"


def test_choosing_oneself(both, client):
    client.force_login(both)

    client.post(ADDRESS, {"organisation": "myself"})

    assert shown(client) == "Myself"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\\\evil.example"]
)
def test_it_leads_back_within_the_site_only(address, network, client):
    client.force_login(network.staff)

    answer = client.post(ADDRESS, {"organisation": network.alpha.pk, "next": address})

    assert answer.url == reverse("home:home")


def test_a_foreign_organisation_is_not_found(network, client):
    client.force_login(network.staff)

    for wanted in (network.beta.pk, 0, "", "x", "1" * 40, "٣"):
        assert client.post(ADDRESS, {"organisation": wanted}).status_code == 404
    assert CHOSEN_KEY not in client.session


def test_choosing_is_a_post(network, client):
    client.force_login(network.staff)

    assert client.get(ADDRESS).status_code == 405


def test_a_choice_ends_with_the_affiliation_and_does_not_come_back(both, network, client):
    client.force_login(both)
    client.post(ADDRESS, {"organisation": network.beta.pk})
    services.affiliation_end(None, affiliation=people.affiliation(both, network.beta))

    assert shown(client) == "Alpha Press Union"
    assert CHOSEN_KEY not in client.session
    services.affiliation_start(None, person=both, organisation=network.beta)
    assert shown(client) == "Alpha Press Union"


def test_a_meddled_session_is_dropped(network, client):
    client.force_login(network.staff)
    session = client.session
    session[CHOSEN_KEY] = {"organisation": network.beta.pk}
    session.save()

    assert shown(client) == "Alpha Press Union"
    assert CHOSEN_KEY not in client.session


def test_the_slot_costs_one_query_on_any_page(network, client, queries):
    client.force_login(network.unaffiliated)
    without = queries(client, reverse("people:profile-edit"))
    client.force_login(network.staff)

    assert queries(client, reverse("people:profile-edit")) <= without + 1


class Dialog(ActingForForm):
    text = forms.CharField()


def test_a_dialog_asks_who_speaks_for_several(both, network):
    dialog = Dialog(actor=both)

    assert dialog["acting_for"].value() in ("", None)
    assert [value for value, _label in dialog.fields["acting_for"].choices] == [
        "",
        str(network.alpha.pk),
        str(network.beta.pk),
    ]
    assert not Dialog({"text": "x"}, actor=both).is_valid()


def test_a_dialog_gives_what_was_chosen(both, network):
    dialog = Dialog({"text": "x", "acting_for": str(network.beta.pk)}, actor=both)

    assert dialog.is_valid()
    acting = dialog.cleaned_data["acting_for"]
    assert (acting.organisation, acting.holds(Role.DELEGATE)) == (network.beta, True)


def test_with_one_organisation_a_dialog_has_chosen_it(network):
    assert Dialog(actor=network.staff)["acting_for"].value() == str(network.alpha.pk)


def test_a_dialog_never_takes_a_foreign_or_ended_one(both, network):
    services.affiliation_end(None, affiliation=people.affiliation(both, network.beta))

    dialog = Dialog({"text": "x", "acting_for": str(network.beta.pk)}, actor=people.reread(both))

    assert dialog.errors["acting_for"] == ["You do not act for this organisation now. Choose another one."]


def test_oneself_is_offered_where_the_dialog_allows_it(network):
    field = ActingForField(person=network.staff, myself=True)

    assert [value for value, _label in field.choices] == ["", str(network.alpha.pk), "myself"]
    assert field.clean("myself") is None


def test_who_belongs_nowhere_can_speak_for_nobody(network):
    dialog = Dialog({"text": "x", "acting_for": str(network.alpha.pk)}, actor=network.guest)

    assert not dialog.is_valid()
