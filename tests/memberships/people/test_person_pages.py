"""A person's page, and one's own profile."""

import pytest
from django.urls import reverse

from memberships.people.models import Affiliation, Profile, Role
from portal.audit.models import Entry
from portal.live.models import Event
from tests.architecture.world import organisation
from tests.factories import people

PAGE = {"name": "Sam Staff", "languages": ["en", "fr"], "more_languages": "", "about": "", "phone": "",
        "email_audience": "colleagues", "phone_audience": "colleagues"}  # fmt: skip


def page_of(person):
    return reverse("people:person", args=[person.pk])


@pytest.mark.parametrize("role", ["administrator", "delegate", "staff", "secretariat", "other", "at_risk"])
def test_the_network_sees_a_person(role, network, client):
    client.force_login(getattr(network, role))

    page = client.get(page_of(network.staff)).content.decode()

    assert "Sam Staff" in page
    assert "Alpha Press Union" in page
    assert "Programme lead" in page


@pytest.mark.parametrize("role", ["guest", "unaffiliated"])
def test_guests_see_nobody_but_themselves(role, network, client):
    reader = getattr(network, role)
    client.force_login(reader)

    for person in (network.administrator, network.staff, network.other, network.at_risk, network.secretariat):
        assert client.get(page_of(person)).status_code == 404
    assert client.get(page_of(reader)).status_code == 200
    assert client.get(reverse("people:profile-edit")).status_code == 200


@pytest.mark.parametrize("role", ["administrator", "delegate", "staff", "other"])
def test_people_at_risk_are_not_found(role, network, client):
    network.at_risk.name = "canary-41d9"
    network.at_risk.save()
    client.force_login(getattr(network, role))

    answer = client.get(page_of(network.at_risk))
    nobody = client.get(reverse("people:person", args=[999_999_999]))

    assert answer.status_code == nobody.status_code == 404
    assert "canary-41d9" not in answer.content.decode()


def test_a_second_place_at_risk_is_masked_from_colleagues_elsewhere(network, client):
    both = people.person("Bo Both", of=[network.alpha, network.hidden])
    Affiliation.objects.filter(person=both, organisation=network.hidden).update(title="canary-77aa")
    pages = {}
    for role in ("administrator", "at_risk", "secretariat"):
        client.force_login(getattr(network, role))
        pages[role] = client.get(page_of(both)).content.decode()
    client.force_login(both)
    pages["self"] = client.get(page_of(both)).content.decode()

    assert "canary-77aa" not in pages["administrator"]
    assert "Hidden Voices" not in pages["administrator"]
    assert all("canary-77aa" in pages[role] for role in ("at_risk", "secretariat", "self"))


@pytest.mark.parametrize("state", ["inactive", "left"])
def test_who_is_gone_is_not_found(state, network, client):
    if state == "inactive":
        network.staff.is_active = False
        network.staff.save()
    else:
        Affiliation.objects.filter(person=network.staff).update(until="2030-01-01T00:00Z")
    client.force_login(network.administrator)

    assert client.get(page_of(network.staff)).status_code == 404


@pytest.mark.parametrize("audience", ["network", "colleagues"])
@pytest.mark.parametrize("role", ["administrator", "secretariat", "other", "staff"])
def test_contacts_by_audience(role, audience, network, client):
    Profile.objects.filter(person=network.staff).update(
        phone="+243 81 555 0101", email_audience=audience, phone_audience=audience
    )
    client.force_login(getattr(network, role))

    page = client.get(page_of(network.staff)).content.decode()

    readable = audience == "network" or role != "other"
    assert (network.staff.email in page) is readable
    assert ("+243 81 555 0101" in page) is readable


def test_a_person_without_profile_has_a_page(network, client):
    Profile.objects.filter(person=network.staff).delete()
    client.force_login(network.administrator)

    assert client.get(page_of(network.staff)).status_code == 200


def test_the_page_costs_the_same_for_one_place_and_three(network, client, queries):
    one_place = people.person(of=network.alpha, roles=[Role.DELEGATE])
    three_places = people.person(of=[network.alpha, organisation("Gamma"), organisation("Delta")])
    client.force_login(network.other)

    assert queries(client, page_of(three_places)) == queries(client, page_of(one_place)) <= 14


def test_editing_the_own_profile(network, client):
    client.force_login(network.staff)
    sent = {
        **PAGE,
        "name": " Sam  Stäff ",
        "more_languages": "allemand, Kiswahili; pt, العبرية",
        "about": "One.\r\n\r\nTwo.",
        "phone": "+٢٤٣ 81",
        "phone_audience": "network",
    }

    answer = client.post(reverse("people:profile-edit"), sent)

    assert answer.url == page_of(network.staff)
    profile = Profile.objects.select_related("person").get(person=network.staff)
    assert (profile.person.name, profile.name_sort) == ("Sam Stäff", "sam staff")
    assert profile.languages == ["en", "fr", "de", "sw", "pt", "he"]
    assert (profile.about, profile.phone, profile.phone_audience) == ("One.\n\nTwo.", "+243 81", "network")
    entry = Entry.objects.get(verb="person.updated")
    assert entry.details == {"fields": ["about", "languages", "name", "phone", "phone_audience"]}
    assert Event.objects.filter(topic__name=f"person:{network.staff.pk}", kind="person.updated").exists()


def test_saving_without_a_change_writes_nothing(network, client):
    client.force_login(network.staff)
    Profile.objects.filter(person=network.staff).update(languages=["en", "fr"])
    before = Event.objects.count()

    client.post(reverse("people:profile-edit"), PAGE)

    assert not Entry.objects.filter(verb="person.updated").exists()
    assert Event.objects.count() == before


def test_languages_beyond_the_offered_ones_come_back_as_names(network, client):
    Profile.objects.filter(person=network.staff).update(languages=["fr", "he"])
    client.force_login(network.staff)

    form = client.get(reverse("people:profile-edit")).context["form"]

    assert form.initial["more_languages"] == "Hebrew"
