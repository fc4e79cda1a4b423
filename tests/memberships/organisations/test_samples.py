"""The invented organisations and people: usable as they are, and recognisably invented."""

import re

import pytest

from memberships.organisations.models import Audience, Contact, Organisation, Region, Standing
from memberships.organisations.samples import (
    ORGANISATION_BY_ACRONYM,
    ORGANISATIONS,
    PEOPLE,
    TITLE_BY_SLUG,
    SampleOrganisation,
    SamplePerson,
    invented_names,
)
from memberships.organisations.vocabulary import SUBJECT_BY_SLUG
from memberships.people.models import Role
from portal.search.folding import clean_name

INVENTED = re.compile(
    r"Sample|Demo|Example|Specimen|Model|Muestra|Placeholder|Mock|Dummy|Fictional|Test Pattern", re.IGNORECASE
)


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda organisation: organisation.domain)
def test_a_sample_organisation_fits_the_model_and_shows_that_it_is_invented(organisation: SampleOrganisation) -> None:
    assert INVENTED.search(organisation.name)
    assert clean_name(organisation.name) == organisation.name
    assert bool(organisation.native_name) == bool(organisation.native_language)
    assert organisation.region in Region.values
    assert organisation.standing in Standing.Kind.values
    assert set(organisation.subjects) <= SUBJECT_BY_SLUG.keys()
    assert organisation.descriptions.keys() <= set(Organisation.LANGUAGES)
    assert 1 <= len(organisation.languages) == len(set(organisation.languages))
    assert organisation.joined_year is None or organisation.founded_year < organisation.joined_year
    assert organisation.website.endswith(".example.org")


def test_sample_contacts_lead_nowhere() -> None:
    for organisation in ORGANISATIONS:
        for contact in organisation.contacts:
            assert contact.kind in Contact.Kind.values
            assert contact.audience in Audience.values
            if contact.kind == "email":
                assert contact.value.endswith(f"@{organisation.domain}.example.org")
            if contact.kind in Contact.SOCIAL:
                assert contact.value.startswith("https://social.example.org/")
            if contact.kind == "phone":
                assert contact.value.startswith("+44 20 7946 0")  # set aside for fiction by Ofcom


def test_the_samples_show_every_case_that_a_page_must_deal_with() -> None:
    assert {organisation.region for organisation in ORGANISATIONS} == set(Region.values)
    assert {organisation.standing for organisation in ORGANISATIONS} >= {"full", "candidate", "interim", "former"}
    assert sum(organisation.at_risk for organisation in ORGANISATIONS) == 1
    assert {len(organisation.descriptions) for organisation in ORGANISATIONS} == {0, 1, 2, 3, 4}
    assert any("en" not in organisation.descriptions and organisation.descriptions for organisation in ORGANISATIONS)
    assert any(not organisation.acronym for organisation in ORGANISATIONS)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_the_people_known_by_name_work_for_sample_organisations(person: SamplePerson) -> None:
    assert person.language in Organisation.LANGUAGES
    first = ORGANISATION_BY_ACRONYM[person.affiliations[0].organisation]
    assert person.email.endswith(f"@{first.domain}.example.org")
    for affiliation in person.affiliations:
        assert affiliation.organisation in ORGANISATION_BY_ACRONYM
        assert affiliation.title in TITLE_BY_SLUG
        assert set(affiliation.roles) <= set(Role.values)


def test_invented_names_are_many_different_and_always_the_same() -> None:
    names = invented_names(600)

    assert names == invented_names(600)
    assert len({name.name for name in names} | {person.name for person in PEOPLE}) == 610
    assert len({name.account for name in names}) == 600
    assert all(re.fullmatch(r"[a-z]+(\.[a-z]+)+", name.account) for name in names)
    assert all(clean_name(name.name) == name.name for name in names)


@pytest.mark.parametrize("region", Region.values)
def test_every_region_has_names_enough(region: str) -> None:
    assert {region} <= set.intersection(*(set(name.regions) for name in invented_names(200, region)))


def test_names_of_other_scripts_come_in_their_own_too() -> None:
    assert any(name.languages[0] == "ar" and name.native_name == "أمل فاخوري" for name in invented_names(20))


def test_asking_for_more_names_than_there_are_says_so() -> None:
    with pytest.raises(ValueError, match="not 100000"):
        invented_names(100_000, "africa")
