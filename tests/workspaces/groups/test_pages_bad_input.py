"""Whatever is sent to the pages of groups: what was typed is kept, nothing breaks, nothing is let slip."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.search.services import reindex
from tests.architecture.world import ADMINISTRATOR, AT_RISK, DELEGATE, OTHER, SECRETARIAT, STAFF, organisation, person
from workspaces.groups import services
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import today


def proposal(world, **changes):
    return {
        "acting_for": str(world.alpha.pk),
        "kind": "working-group",
        "visibility": "closed",
        "members": "organisations",
        "languages": ["en"],
        "first_language": "en",
        "name_en": "Digital safety",
        "purpose_en": "To learn from each other.",
        "review_on": (today() + timedelta(days=300)).isoformat(),
        **changes,
    }


@pytest.fixture
def indexed(world):
    for name in ("Gamma Watch", "Gamma Radio", "Gamma"):
        organisation(name)
    for source in ("organisation", "person"):
        reindex(source)
    return world


def test_first_organisations_and_people_are_named_in_words(indexed, browser):
    world = indexed
    said = proposal(world, organisations="beta\ngamma watch\n\nGamma", people="Sam Staff", visibility="secret")

    answer = browser(ADMINISTRATOR).post("/groups/new/", said)

    made = Workspace.objects.get()
    assert answer.url == f"/groups/{made.key}/"
    invited = {one.organisation.name if one.organisation else one.person.name for one in made.approaches.all()}
    assert invited == {"Beta Media Watch", "Gamma Watch", "Gamma", "Sam Staff"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"organisations": "Nobody Knows"}, "Nobody is known by the name “Nobody Knows”."),
        ({"organisations": "gamma w\ngam"}, "“gam” may be any of"),
        ({"people": "Ria Risk"}, "Nobody is known by the name “Ria Risk”."),
        ({"people": "<b>"}, "Nobody is known by the name “&lt;b&gt;”."),
        ({"organisations": "\n".join(f"Line {n}" for n in range(31))}, "At most 30 at once."),
        ({"review_on": "2020-01-01"}, "This day is past."),
        ({"review_on": "soon"}, "Enter a valid date."),
        ({"review_on": ""}, "Give a day on which the group is reviewed"),
        ({"name_en": ""}, "Give the group a name."),
        ({"kind": "committee"}, "Select a valid choice."),
        ({"acting_for": "77777"}, "You do not act for this organisation now."),
        ({"first_language": "tlh"}, "Select a valid choice."),
        ({"visibility": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_proposed_is_said_and_what_was_typed_kept(typed, sentence, indexed, browser):
    answer = browser(ADMINISTRATOR).post("/groups/new/", proposal(indexed, **typed))

    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (200, True)
    assert "To learn from each other." in page
    assert not Workspace.objects.exists()


def test_a_name_that_only_a_hidden_person_has_is_unknown_as_any_other(indexed, browser):
    hidden = browser(ADMINISTRATOR).post("/groups/new/", proposal(indexed, people="Ria Risk")).content.decode()
    unknown = browser(ADMINISTRATOR).post("/groups/new/", proposal(indexed, people="Rio Rusk")).content.decode()

    def sentences(page, name):
        return page.count(f"Nobody is known by the name “{name}”.")

    assert sentences(hidden, "Ria Risk") == sentences(unknown, "Rio Rusk") == 2


def test_the_secretariat_sets_up_every_kind_and_an_alliances_room_is_full(indexed, browser):
    world = indexed
    said = proposal(world, acting_for="secretariat", kind="alliance", alliance="")
    client = browser(SECRETARIAT)
    assert "Choose the alliance whose room this is." in client.post("/groups/new/", said).content.decode()

    client.post("/groups/new/", said | {"alliance": world.alliance.slug})

    made = Workspace.objects.get()
    assert (made.state, made.alliance) == ("active", world.alliance)
    assert list(made.organisations.values_list("organisation__name", flat=True)) == ["Alpha Press Union"]


def test_the_second_of_two_editors_sees_both_and_saves_again(world, browser):
    client, address = browser(ADMINISTRATOR), f"/groups/{world.group.slug}/edit/"
    services.workspace_update(
        world.people[ADMINISTRATOR],
        workspace=world.group,
        version=1,
        texts={"name_en": "Theirs", "purpose_en": "Changed."},
        languages=["en"],
        review_on=world.group.review_on,
        ends_on=None,
    )
    said = {
        "version": "1",
        "languages": ["en"],
        "first_language": "en",
        "name_en": "Mine",
        "purpose_en": "Changed.",
        "review_on": world.group.review_on.isoformat(),
    }

    answer = client.post(address, said)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Theirs</del>" in page
    assert "Mine</ins>" in page
    assert 'name="version" value="2"' in page
    assert client.post(address, said | {"version": "2"}).status_code == 302
    world.group.refresh_from_db()
    assert world.group.name_en == "Mine"


@pytest.mark.parametrize("posted", [{}, {"answer": "perhaps"}, {"answer": "accepted", "reason": "x" * 1001}])
def test_an_answer_that_is_none_changes_nothing(posted, world, browser):
    request = world.group.approaches.get()

    answer = browser(ADMINISTRATOR).post(f"/groups/{world.group.slug}/approaches/1/answer/", posted, follow=True)

    request.refresh_from_db()
    assert request.is_open
    assert "Say yes or no" in answer.content.decode()


@pytest.mark.parametrize("number", [0, 2, 77, 2**31, 10**12])
def test_numbers_of_nothing_are_not_there(number, world, browser):
    client, slug = browser(ADMINISTRATOR), world.group.slug

    for address in (f"approaches/{number}/answer/", f"approaches/{number}/withdraw/", f"guests/{number}/withdraw/"):
        assert client.post(f"/groups/{slug}/{address}", {"answer": "accepted"}).status_code == 404
    for act in ("remove", "prolong"):
        assert client.get(f"/groups/{slug}/participants/{number + 100}/{act}/").status_code == 404


def test_whoever_was_not_found_cannot_be_invited_by_number(indexed, browser):
    world = indexed
    client, address = browser(ADMINISTRATOR), f"/groups/{world.group.slug}/invite/person/"
    hidden = world.people[AT_RISK]

    page = client.post(address, {"q": "ria", "chosen": str(hidden.pk)}).content.decode()

    assert "Choose one of the people." in page
    assert not world.group.approaches.filter(person=hidden).exists()
    found = client.get(f"{address}?q=gate").content.decode()
    assert "Dela Gate" in found
    assert "Otto Other" not in client.get(f"{address}?q=otto").content.decode()  # takes part already


def test_colleagues_of_others_are_not_offered_and_not_taken(world, browser):
    stranger = person("Stra Nger", of=world.beta)
    client, address = browser(DELEGATE), f"/groups/{world.group.slug}/organisations/{world.alpha.slug}/name/"

    page = client.post(address, {"people": [str(stranger.pk)]}).content.decode()

    assert "Choose a colleague who belongs to the organisation now." in page
    assert not world.group.participations.filter(person=stranger).exists()


def test_the_last_facilitator_reads_why_and_stays(world, browser):
    answer = browser(ADMINISTRATOR).post(f"/groups/{world.group.slug}/leave/")

    assert answer.status_code == 409
    assert "Nobody else keeps this group." in answer.content.decode()
    assert world.group.participations.filter(person=world.people[ADMINISTRATOR], until__isnull=True).exists()


def test_addresses_that_are_pages_of_their_own_are_no_groups(world, browser):
    for name in ("New", "Overview", "Rules"):
        made = services.workspace_propose(
            world.people[SECRETARIAT],
            organisation=None,
            texts={"name_en": name, "purpose_en": "To be found."},
            languages=["en"],
            review_on=today() + timedelta(days=30),
        )
        assert made.slug == f"{name.lower()}-{made.key[:6]}"
        assert browser(STAFF).get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("query", ["?q=" + "x" * 3000, "?page=-1&sort=drop", "?mine=yes&kind[]=1"])
def test_odd_addresses_of_the_list(query, world, browser):
    world.group  # noqa: B018 - made when it is asked for
    assert browser(OTHER).get(f"/groups/{query}").status_code == 200


def test_without_signing_in_every_address_leads_to_the_door(world):
    for address in ("/groups/", world.group.get_absolute_url(), world.secret_group.get_absolute_url(), "/groups/x/"):
        answer = Client().get(address)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/login/")


def test_the_overview_forgives_what_it_does_not_know(world, browser):
    world.secret_group  # noqa: B018 - made when it is asked for
    page = browser(SECRETARIAT).get("/groups/overview/?show=everything&sort=random").content.decode()

    assert "Night shift" in page
    assert reverse("groups:rules") in page
