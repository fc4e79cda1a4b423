"""What a reader sees of an organisation: in Python and in SQL the same, and nothing that is hidden."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memberships.organisations.models import Organisation, Region, Standing
from memberships.organisations.selectors import (
    OrganisationShown,
    alliance_links,
    listed,
    shown,
    shown_all,
    standing_on,
    subject_links,
    today,
    with_current_standing,
)
from portal.accounts.models import User
from tests.architecture.world import ADMINISTRATOR, AT_RISK, GUEST, NETWORK, OTHER, SECRETARIAT, STAFF
from tests.factories import organisations as make

# Everything on a row that is no name. At risk, an outsider sees none of it.
FACTS = (
    "logo_url", "region", "region_label", "country", "country_name", "city", "languages", "language_names",
    "subject_slugs", "subjects", "alliances", "standing", "standing_label", "founded", "joined", "website", "tile_hue",
    "place", "website_label",
)  # fmt: skip


def reader(world, role):
    return User.objects.get(pk=world.people[role].pk)


states = st.fixed_dictionaries(
    {
        "region": st.sampled_from(Region.values),
        "country": st.sampled_from(["", "CD", "TN", "EG"]),
        "country_hidden": st.booleans(),
        "city": st.sampled_from(["", "Kinshasa", "Sfax"]),
        "city_hidden": st.booleans(),
        "languages": st.lists(st.sampled_from(["fr", "ar", "ln"]), max_size=3, unique=True),
        "founded_year": st.none() | st.integers(1990, 2020),
        "joined_year": st.none() | st.integers(2000, 2020),
        "website": st.sampled_from(["", "https://example.org"]),
        "at_risk": st.booleans(),
        "standing": st.none() | st.sampled_from(Standing.Kind.values),
        "subjects": st.sets(st.sampled_from(["press-freedom", "legal-aid"])),
        "alliances": st.sets(st.sampled_from(["north", "south"])),
        "owned": st.booleans(),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(states, min_size=1, max_size=4))
def test_both_halves_decide_alike(drawn, world):
    with transaction.atomic():
        for values in drawn:
            owned = values["owned"]
            made = make.organisation(**{key: value for key, value in values.items() if key != "owned"})
            if owned:
                world.people[STAFF].affiliations.create(organisation=made)
        for role in NETWORK:
            assert_halves_agree(reader(world, role))
        transaction.set_rollback(True)


def assert_halves_agree(actor):
    subjects, alliances = {}, {}
    for link in subject_links(actor).select_related("subject"):
        subjects.setdefault(link.organisation_id, set()).add(link.subject.slug)
    for link in alliance_links(actor).select_related("alliance"):
        alliances.setdefault(link.organisation_id, set()).add(link.alliance.slug)
    for row in listed(actor):
        seen = shown(actor, row)
        in_sql = (
            row.facts, row.shown_region, row.shown_country, row.shown_city, tuple(row.shown_languages),
            row.shown_founded, row.shown_joined, row.shown_website, row.shown_standing,
            subjects.get(row.pk, set()), alliances.get(row.pk, set()),
        )  # fmt: skip
        in_python = (
            seen.facts, seen.region, seen.country, seen.city, seen.languages, seen.founded, seen.joined, seen.website,
            seen.standing, set(seen.subject_slugs), {alliance.slug for alliance in seen.alliances},
        )  # fmt: skip
        assert in_sql == in_python


def full(**fields):
    return make.organisation(
        "Hidden Press", country="TN", city="Sfax", languages=["ar"], subjects=["legal-aid"], alliances=["north"],
        founded_year=1999, joined_year=2005, website="https://hidden.example", **fields,
    )  # fmt: skip


def empty_of(seen: OrganisationShown):
    return [name for name in FACTS if getattr(seen, name)]


def test_of_one_at_risk_outsiders_see_the_names_only(world):
    made = full(at_risk=True, native_name="صحافة", native_language="ar", acronym="HP")

    seen = shown(reader(world, OTHER), made)

    assert empty_of(seen) == []
    assert not seen.facts
    assert (seen.name, seen.native_name, seen.acronym) == ("Hidden Press", "صحافة", "HP")
    assert seen.tile_text == "HP"
    assert (made.tile_hue, made.logo_url) == (0, None)


@pytest.mark.parametrize("role", [STAFF, SECRETARIAT])
def test_of_one_at_risk_its_people_and_the_secretariat_see_everything(role, world):
    made = full(at_risk=True)
    world.people[STAFF].affiliations.create(organisation=made)

    seen = shown(reader(world, role), made)

    assert seen.facts
    assert (seen.country, seen.city, seen.standing, seen.founded) == ("TN", "Sfax", "full", 1999)
    assert seen.place == "Sfax, Tunisia"


@pytest.mark.parametrize(
    ("hides", "country", "city"),
    [
        ({}, "TN", "Sfax"),
        ({"city_hidden": True}, "TN", ""),
        ({"country_hidden": True}, "", ""),
        ({"country_hidden": True, "city_hidden": True}, "", ""),
    ],
)
def test_hidden_places(hides, country, city, world):
    made = full(**hides)

    seen = shown(reader(world, OTHER), made)

    assert (seen.country, seen.city) == (country, city)
    row = listed(reader(world, OTHER)).get(pk=made.pk)
    assert (row.shown_country, row.shown_city) == (country, city)


def test_no_filter_and_no_count_tells_a_hidden_fact(world):
    full(at_risk=True)
    full(country_hidden=True)
    rows = listed(reader(world, OTHER)).filter(name="Hidden Press")

    assert rows.count() == 2
    assert rows.filter(shown_country="TN").count() == 0
    assert rows.filter(shown_city="Sfax").count() == 0
    assert rows.filter(shown_languages__contains=["ar"]).count() == 1
    assert rows.filter(shown_standing="full").count() == 1
    assert list(rows.values_list("shown_country", flat=True)) == ["", ""]


def test_a_suspension_is_not_told_to_the_network(world):
    made = full(standing=Standing.Kind.SUSPENDED)

    assert shown(reader(world, OTHER), made).standing == ""
    assert listed(reader(world, OTHER)).get(pk=made.pk).shown_standing == ""
    assert shown(reader(world, SECRETARIAT), Organisation.objects.get(pk=made.pk)).standing == "suspended"


@pytest.mark.parametrize("role", [GUEST, None])
def test_outside_the_network_there_is_nothing_to_show(role, world):
    outsider = reader(world, role) if role else AnonymousUser()

    with pytest.raises(LookupError):
        shown(outsider, world.alpha)
    assert not listed(outsider).exists()


@pytest.mark.parametrize("size", [1, 3, 25])
def test_a_list_costs_the_same_at_any_size(size, world, django_assert_num_queries):
    for number in range(size):
        make.organisation(f"Listed {number}", subjects=["legal-aid", "press-freedom"], alliances=["north"])
    actor = reader(world, OTHER)
    shown(actor, listed(actor).first())  # whoever reads lists has asked for rights before

    with django_assert_num_queries(4):  # organisations with logos, subjects, alliances, standings
        seen = [shown(actor, row) for row in listed(actor).filter(name__startswith="Listed")]

    assert len(seen) == size


@pytest.mark.parametrize("size", [1, 3])
def test_any_organisations_are_shown_at_the_same_cost(size, world, django_assert_num_queries):
    made = [full() for _ in range(size)]
    actor = reader(world, OTHER)
    shown(actor, world.beta)
    rows = list(Organisation.objects.filter(pk__in=[one.pk for one in made]))

    with django_assert_num_queries(3):  # subjects, alliances, standings; none has a logo
        assert len(shown_all(actor, rows)) == size


def test_counting_a_list_reads_no_annotation(world, django_assert_num_queries):
    actor = reader(world, OTHER)
    assert listed(actor).exists()

    with django_assert_num_queries(1) as queries:
        listed(actor).count()

    assert "CASE" not in queries[0]["sql"]


NAMES = [
    # language, native name, its language → first, second
    ("en", "", "", "Hidden Press", ""),
    ("en", "الصحافة", "ar", "Hidden Press", "الصحافة"),
    ("ar", "الصحافة", "ar", "الصحافة", "Hidden Press"),
    ("ar", "Presse cachée", "fr", "Hidden Press", "Presse cachée"),
    ("ar", "", "", "Hidden Press", ""),
    ("fr", "Presse cachée", "fr", "Hidden Press", "Presse cachée"),
    ("fr", "Hidden Press", "en", "Hidden Press", ""),
]


@pytest.mark.parametrize(("language", "native", "native_language", "first", "second"), NAMES)
def test_which_name_comes_first(language, native, native_language, first, second, world):
    made = full(native_name=native, native_language=native_language)

    with translation.override(language):
        seen = shown(reader(world, OTHER), made)

    assert (seen.display_name, seen.second_name) == (first, second)
    assert seen.display_language == ("ar" if first == "الصحافة" else "en")
    assert bool(seen.second_language) == bool(second)


@pytest.mark.parametrize(
    ("name", "acronym", "text"),
    [
        ("Journaliste en danger", "JED", "JED"),
        ("World Association of News Publishers", "WAN-IFRA", "WANP"),
        ("Center for Media Studies and Peacebuilding", "CEMESP", "CMSP"),
        ("IPYS of Venezuela", "IPYS Venezuela", "IV"),
        ("Freemuse", "", "FR"),
        ("PEN International", "", "PI"),
        ("مركز", "", "مر"),
        ("X", "", "X"),
    ],
)
def test_the_letters_of_the_square(name, acronym, text):
    assert Organisation(name=name, acronym=acronym).tile_text == text


def test_every_region_has_its_own_hue():
    hues = {Organisation(region=region).tile_hue for region in Region.values}

    assert hues == {1, 2, 3, 4, 5, 6}
    assert Organisation(region="atlantis").tile_hue == 0


def test_the_current_standing_is_that_of_today(world):
    made = make.organisation(standing=None)
    yesterday, tomorrow = today() - timedelta(days=1), today() + timedelta(days=1)
    make.standing(made, Standing.Kind.CANDIDATE, until=yesterday)
    make.standing(made, Standing.Kind.INTERIM, since=yesterday, until=tomorrow)
    make.standing(made, Standing.Kind.FULL, since=tomorrow)

    assert with_current_standing(Organisation.objects.filter(pk=made.pk)).get().current_standing == "interim"
    assert shown(reader(world, ADMINISTRATOR), made).standing == "interim"
    assert standing_on(made, yesterday - timedelta(days=1)).kind == "candidate"
    assert standing_on(made, yesterday).kind == "interim"
    assert standing_on(made, tomorrow).kind == "full"
    assert standing_on(make.organisation(standing=None), date(2020, 1, 1)) is None


def test_an_alliance_that_was_left_is_not_shown(world):
    made = make.organisation()
    make.alliance_membership(made, make.alliance("north"), until=today())
    make.alliance_membership(made, make.alliance("south"), since=date(2011, 5, 1))

    (alliance,) = shown(reader(world, OTHER), made).alliances

    assert (alliance.slug, alliance.since) == ("south", 2011)


def test_the_at_risk_organisation_of_the_world_sees_itself(world):
    assert shown(reader(world, AT_RISK), world.hidden).city == "Minsk"
