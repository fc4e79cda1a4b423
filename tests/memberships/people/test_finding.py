"""People in the search, and on the live topics: found by what may be known, by whoever may see them."""

import pytest
from django.urls import reverse

from memberships.organisations.services import organisation_update
from memberships.people import policies, services
from memberships.people.live import may_follow_person, may_follow_rights
from memberships.people.models import Affiliation, Profile
from memberships.people.selectors.finding import documents, results
from portal.accounts.services import preferences_update
from portal.search.selectors import matching
from portal.search.services import reindex
from tests.factories import people


@pytest.fixture(autouse=True)
def indexed(network):
    """The index knows everyone."""
    reindex("person")


def found(reader, text):
    """Names that `reader` finds by `text`, as the search asks it."""
    ids = policies.visible_to(reader).filter(pk__in=matching("person", text)).values_list("pk", flat=True)
    return {result.title for result in results(reader, list(ids))}


def words_of(person):
    document = next(documents([person.pk]))
    return " ".join([*document.names, *document.keywords, document.body])


def test_a_person_is_found_by_name_title_organisation_and_language(network):
    Profile.objects.filter(person=network.staff).update(languages=["ar"], about="Works on harbours.")
    services.affiliation_update(
        None, affiliation=people.affiliation(network.staff, network.alpha), title="Cartographer"
    )

    for text in ("sam staff", "STÀFF", "cartographer", "alpha press cartog", "arabe sam", "العربية", "harbours"):
        assert "Sam Staff" in found(network.other, text), text


def test_changes_reach_the_index_in_their_transaction(network, client):
    newcomer = people.person("Nora Newcomer")
    services.affiliation_start(network.administrator, person=newcomer, organisation=network.alpha, title="Weaver")
    assert found(network.other, "weaver") == {"Nora Newcomer"}

    client.force_login(newcomer)
    sent = {"name": "Nora Renamed", "email_audience": "network", "phone_audience": "network", "languages": ["en"]}
    client.post(reverse("people:profile-edit"), sent)
    assert found(network.other, "renamed") == {"Nora Renamed"}

    services.affiliation_end(network.administrator, affiliation=people.affiliation(newcomer, network.alpha))
    assert found(network.other, "renamed") == set()
    assert found(network.secretariat, "weaver") == set()


def test_a_name_changed_in_the_preferences_is_followed(network):
    preferences_update(network.staff, name="Zoë Renamed", preferences={})

    assert found(network.other, "zoe") == {"Zoë Renamed"}
    assert found(network.other, "sam") == set()
    assert Profile.objects.get(person=network.staff).name_sort == "zoe renamed"


def test_nothing_of_an_organisation_at_risk_is_indexed(network):
    both = people.person("Bo Both", of=network.alpha)
    services.affiliation_start(None, person=both, organisation=network.hidden, title="canary-2c5e")

    assert "canary" not in words_of(both)
    assert "Hidden" not in words_of(both)
    assert "Alpha" in words_of(both)
    assert found(network.administrator, "hidden voices") == set()


@pytest.mark.parametrize(("changes", "still_found"), [({"at_risk": True}, False), ({"name": "Gamma"}, False)])
def test_a_change_of_the_organisation_reaches_its_people(changes, still_found, network):
    both = people.person("Bo Both", of=[network.alpha, network.beta])
    reindex("person")
    assert "Bo Both" in found(network.other, "alpha press")

    organisation_update(network.secretariat, organisation=network.alpha, version=network.alpha.version, changes=changes)

    assert ("Bo Both" in found(network.other, "alpha press")) is still_found
    assert "Beta" in words_of(both)


def test_people_at_risk_are_found_by_their_own_and_the_secretariat_only(network):
    assert found(network.at_risk, "ria") == found(network.secretariat, "ria") == {"Ria Risk"}
    for role in ("administrator", "delegate", "staff", "other", "guest", "unaffiliated"):
        assert found(getattr(network, role), "ria") == set()


@pytest.mark.parametrize("role", ["guest", "unaffiliated"])
def test_guests_find_themselves_alone(role, network):
    reader = getattr(network, role)

    assert results(reader, [network.administrator.pk, network.staff.pk, reader.pk])[0].title == reader.name
    assert len(results(reader, [network.administrator.pk, network.staff.pk, reader.pk])) == 1


def test_a_result_names_the_organisations_the_reader_may_know(network):
    both = people.person("Bo Both", of=[network.alpha, network.hidden], title="Editor")

    def detail(reader):
        return results(reader, [both.pk])[0].detail

    assert detail(network.administrator) == "Editor · Alpha Press Union"
    assert detail(network.at_risk) == "Editor · Alpha Press Union; Editor · Hidden Voices"


def test_results_keep_the_order_they_were_found_in(network):
    ids = [network.staff.pk, network.administrator.pk, network.delegate.pk]

    assert [result.object_id for result in results(network.other, ids)] == ids


def test_results_cost_the_same_for_one_and_three(network, django_assert_num_queries):
    ids = [network.staff.pk, network.administrator.pk, network.delegate.pk]
    for chosen in (ids[:1], ids):
        reader = people.reread(network.other)
        with django_assert_num_queries(4):
            results(reader, chosen)


def test_indexing_costs_the_same_for_one_and_three(network, django_assert_num_queries):
    ids = [network.staff.pk, network.administrator.pk, network.delegate.pk]
    for chosen in (ids[:1], ids):
        with django_assert_num_queries(2):
            list(documents(chosen))


def test_a_closed_account_leaves_the_index(network):
    network.staff.is_active = False
    network.staff.save()

    reindex("person", [network.staff.pk])

    assert not matching("person", "sam").exists()


def test_the_index_can_be_made_anew(network):
    assert reindex("person") == policies.visible_to(network.secretariat).count()


@pytest.mark.parametrize("role", ["administrator", "other", "at_risk", "secretariat", "guest"])
def test_live_topics_follow_the_same_policies(role, network):
    reader = getattr(network, role)
    for person in (network.staff, network.at_risk, network.guest):
        assert may_follow_person(people.reread(reader), str(person.pk)) is policies.can_see_person(reader, person)
        assert may_follow_rights(reader, str(person.pk)) is (reader == person)


@pytest.mark.parametrize("key", ["", "x", "-1", "0", "1" * 40, "٣", "1 or 1=1", "\0", "999999999"])
def test_topics_that_cannot_be(key, network):
    assert not may_follow_person(network.administrator, key)
    assert not may_follow_rights(network.administrator, key)


def test_a_topic_closes_with_the_affiliation(network):
    assert may_follow_person(people.reread(network.delegate), str(network.staff.pk))
    Affiliation.objects.filter(person=network.delegate).update(until="2030-01-01T00:00Z")

    assert not may_follow_person(people.reread(network.delegate), str(network.staff.pk))
