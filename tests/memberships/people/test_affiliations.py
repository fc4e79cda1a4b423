"""Belonging starts, changes and ends; everyone concerned hears of it, and rights go at once."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from memberships.people import policies, services
from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.selectors import administrators_of, organisations_of
from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from portal.notifications.models import Notification
from tests.factories import people


def events():
    """What was published, but for the inboxes, which are the notifications' own business."""
    return set(Event.objects.exclude(topic__name__startswith="inbox:").values_list("topic__name", "kind"))


def told(person):
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def verbs(quiet):
    entries = Entry.objects.filter(pk__gt=quiet.recorded_before)
    return list(entries.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def quiet(network):
    """The network, with what its making left behind taken away; the record cannot be, so its end is noted."""
    Event.objects.all().delete()
    Notification.objects.all().delete()
    network.recorded_before = Entry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    return network


def test_starting_gives_title_roles_and_profile(network):
    newcomer = people.person("Nora Newcomer")

    affiliation = services.affiliation_start(
        network.administrator, person=newcomer, organisation=network.alpha, title="Editor", roles=["delegate", "staff"]
    )

    acting = organisations_of(people.reread(newcomer))[0]
    assert (acting.organisation, acting.title, acting.held) == (network.alpha, "Editor", {"delegate"})
    assert affiliation.started_by == network.administrator
    assert Profile.objects.get(person=newcomer).name_sort == "nora newcomer"


def test_starting_is_recorded_told_and_published(quiet):
    newcomer = people.person("Nora Newcomer")

    services.affiliation_start(quiet.administrator, person=newcomer, organisation=quiet.alpha)

    entry = Entry.objects.get(verb="affiliation.started")
    assert (entry.actor, entry.acting_for_id, entry.target_id) == (quiet.administrator, quiet.alpha.pk, newcomer.pk)
    assert told(newcomer) == ["affiliation.started"]
    assert events() == {
        (f"rights:{newcomer.pk}", "rights.changed"),
        (f"person:{newcomer.pk}", "person.updated"),
        (f"organisation:{quiet.alpha.pk}", "team.changed"),
        ("directory", "people.changed"),
    }
    assert not any(event.payload for event in Event.objects.exclude(topic__name__startswith="inbox:"))


def test_one_person_belongs_once(network):
    with pytest.raises(ValidationError, match="already belongs"):
        services.affiliation_start(network.administrator, person=network.staff, organisation=network.alpha)


def test_a_closed_account_cannot_join(network):
    with pytest.raises(ValidationError, match="closed"):
        services.affiliation_start(None, person=people.person(is_active=False), organisation=network.alpha)


@pytest.mark.parametrize("role", ["delegate", "staff", "other", "at_risk", "secretariat", "guest", "unaffiliated"])
def test_only_administrators_add_people(role, network):
    newcomer = people.person()
    with pytest.raises(Refused):
        services.affiliation_start(getattr(network, role), person=newcomer, organisation=network.alpha)

    assert not newcomer.affiliations.exists()


def test_an_unknown_role_is_a_mistake_of_the_caller(network):
    with pytest.raises(ValueError, match="emperor"):
        services.affiliation_start(None, person=people.person(), organisation=network.alpha, roles=["emperor"])


def test_ending_ends_all_roles_and_rights_at_once(network):
    affiliation = people.affiliation(network.delegate, network.alpha)

    services.affiliation_end(network.administrator, affiliation=affiliation)

    affiliation.refresh_from_db()
    assert affiliation.until is not None
    assert affiliation.ended_by == network.administrator
    assert not RoleTerm.objects.filter(affiliation=affiliation, until__isnull=True).exists()
    assert set(RoleTerm.objects.filter(affiliation=affiliation).values_list("until", flat=True)) == {affiliation.until}
    assert not policies.belongs_to(people.reread(network.delegate), network.alpha)


def test_ending_is_recorded_told_and_published(quiet):
    services.affiliation_end(quiet.administrator, affiliation=people.affiliation(quiet.delegate, quiet.alpha))

    assert verbs(quiet) == ["affiliation.ended"]
    assert told(quiet.delegate) == ["affiliation.ended"]
    assert (f"rights:{quiet.delegate.pk}", "rights.changed") in events()
    assert ("directory", "people.changed") in events()


def test_the_next_request_after_the_end_finds_the_door_closed(network, client):
    client.force_login(network.delegate)
    team = reverse("people:team", args=[network.alpha.slug])
    colleague = reverse("people:person", args=[network.staff.pk])
    assert client.get(team).status_code == client.get(colleague).status_code == 200

    services.affiliation_end(network.administrator, affiliation=people.affiliation(network.delegate, network.alpha))

    assert client.get(team).status_code == 404
    assert client.get(colleague).status_code == 404


def test_a_role_that_ends_closes_its_doors_with_the_next_request(network, client):
    second = people.person("Sec Ond", of=network.alpha, roles=[Role.ADMINISTRATOR])
    client.force_login(second)
    invite = reverse("people:invite", args=[network.alpha.slug])
    assert client.get(invite).status_code == 200

    services.role_end(
        network.administrator, affiliation=people.affiliation(second, network.alpha), role=Role.ADMINISTRATOR
    )

    assert client.get(invite).status_code == 403
    assert client.post(invite, {"email": "x@example.org", "name": "X", "language": "en"}).status_code == 403


def test_rights_known_before_are_asked_again_under_the_lock(network):
    """A request that began before its actor lost the right does not carry it through."""
    second = people.person("Sec Ond", of=network.alpha, roles=[Role.ADMINISTRATOR])
    assert policies.can_manage_people(second, network.alpha)
    services.affiliation_end(None, affiliation=people.affiliation(second, network.alpha))

    with pytest.raises(Refused):
        services.affiliation_end(second, affiliation=people.affiliation(network.staff, network.alpha))

    assert people.affiliation(network.staff, network.alpha)


def test_ending_twice_changes_nothing(quiet):
    affiliation = people.affiliation(quiet.staff, quiet.alpha)
    services.affiliation_end(quiet.administrator, affiliation=affiliation)
    until = Affiliation.objects.get(pk=affiliation.pk).until

    services.affiliation_end(quiet.administrator, affiliation=affiliation)

    assert Affiliation.objects.get(pk=affiliation.pk).until == until
    assert verbs(quiet) == ["affiliation.ended"]


def test_coming_back_starts_anew_and_keeps_the_past(network):
    services.affiliation_end(None, affiliation=people.affiliation(network.delegate, network.alpha))

    services.affiliation_start(None, person=network.delegate, organisation=network.alpha)

    assert network.delegate.affiliations.count() == 2
    assert organisations_of(people.reread(network.delegate))[0].roles == frozenset()


def test_everyone_may_leave(network):
    services.affiliation_end(network.staff, affiliation=people.affiliation(network.staff, network.alpha))

    assert not Affiliation.objects.filter(person=network.staff, until__isnull=True).exists()


@pytest.mark.parametrize("role", ["delegate", "other", "at_risk", "secretariat", "guest", "unaffiliated"])
def test_others_end_nobody(role, network):
    with pytest.raises(Refused):
        services.affiliation_end(getattr(network, role), affiliation=people.affiliation(network.staff, network.alpha))


def test_the_last_administrator_cannot_leave(network):
    with pytest.raises(services.LastAdministrator):
        services.affiliation_end(
            network.administrator, affiliation=people.affiliation(network.administrator, network.alpha)
        )

    assert list(administrators_of(network.alpha)) == [network.administrator]


def test_one_of_two_administrators_can_leave(network):
    second = people.person("Sec Ond", of=network.alpha, roles=[Role.ADMINISTRATOR])

    services.affiliation_end(second, affiliation=people.affiliation(second, network.alpha))

    assert list(administrators_of(network.alpha)) == [network.administrator]


def test_a_second_administrator_whose_account_is_closed_does_not_count(network):
    second = people.person("Sec Ond", of=network.alpha, roles=[Role.ADMINISTRATOR])
    second.is_active = False
    second.save()

    with pytest.raises(services.LastAdministrator):
        services.affiliation_end(
            network.administrator, affiliation=people.affiliation(network.administrator, network.alpha)
        )


def test_title_and_roles_change_together_or_not_at_all(network):
    affiliation = people.affiliation(network.administrator, network.alpha)

    with pytest.raises(services.LastAdministrator):
        services.affiliation_update(
            network.administrator, affiliation=affiliation, title="New", give=["delegate"], end=["administrator"]
        )

    affiliation.refresh_from_db()
    assert affiliation.title == "Programme lead"
    assert organisations_of(people.reread(network.administrator))[0].roles == {"administrator"}


def test_an_unchanged_title_is_not_recorded(quiet):
    affiliation = people.affiliation(quiet.staff, quiet.alpha)

    services.affiliation_update(quiet.administrator, affiliation=affiliation, title=affiliation.title)

    assert verbs(quiet) == []


def test_the_title_of_one_who_left_stays(network):
    affiliation = people.affiliation(network.staff, network.alpha)
    services.affiliation_end(None, affiliation=affiliation)

    with pytest.raises(ValidationError, match="has ended"):
        services.affiliation_update(network.administrator, affiliation=affiliation, title="Ghost")


@pytest.mark.parametrize("role", ["delegate", "staff", "other", "secretariat", "guest"])
def test_only_administrators_change_titles(role, network):
    with pytest.raises(Refused):
        services.affiliation_update(
            getattr(network, role), affiliation=people.affiliation(network.staff, network.alpha), title="Boss"
        )
