"""The groups of the demonstration network: one of a kind each, in working order, nothing made up about real ones."""

import csv
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from memberships.directory.demonstration import TABLE
from memberships.organisations.models import Organisation
from memberships.organisations.samples import ORGANISATIONS
from portal.access.policies import is_guest
from portal.accounts.models import User
from portal.demonstration.network import GUEST
from tests.portal.demonstration.conftest import network  # noqa: F401 - a fixture
from workspaces.groups import policies
from workspaces.groups.demonstration.real import NAMED_IN
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.directory import GroupDirectory
from workspaces.groups.selectors.overview import DORMANT_DAYS
from workspaces.groups.selectors.participation import current_participations, facilitators_of, places_of, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]


def named(name: str) -> Workspace:
    return Workspace.objects.get(name_en=name)


def person(name: str) -> User:
    return User.objects.get(name=name)


def test_the_tunisia_monitoring_group_is_an_archive_of_what_sources_say():
    group = named("Tunisia Monitoring Group")

    assert (group.kind, group.state) == (Workspace.Kind.MONITORING_GROUP, Workspace.State.DISSOLVED)
    assert (group.activated_at.year, group.activated_at.month) == (2004, 12)
    assert (group.dissolved_at.year, group.dissolved_at.month) == (2013, 1)
    ended = group.state_changes.get(state=Workspace.State.DISSOLVED)
    assert "21 member organisations" in ended.note
    assert set(group.organisations.values_list("organisation__name", flat=True)) == set(NAMED_IN)
    assert not group.participations.exists(), "of its people no source tells"


def test_each_organisation_of_it_is_in_the_table():
    with TABLE.open(encoding="utf-8", newline="") as file:
        real = {row["name"] for row in csv.DictReader(file)}

    assert set(NAMED_IN) <= real


def test_real_organisations_are_in_no_invented_group():
    invented = Organisation.objects.filter(name__in=[sample.name for sample in ORGANISATIONS])
    told_of = Q(name_en="Tunisia Monitoring Group") | Q(kind=Workspace.Kind.ALLIANCE)
    elsewhere = Workspace.objects.exclude(told_of).filter(organisations__isnull=False)

    assert not elsewhere.exclude(organisations__organisation__in=invented).exists()


def test_what_is_invented_says_so():
    for group in Workspace.objects.filter(~Q(kind=Workspace.Kind.ALLIANCE), state=Workspace.State.ACTIVE):
        assert "invented group" in group.purpose_en, group.name_en


def test_there_is_one_of_each_kind_of_door():
    shown = Workspace.objects.filter(state=Workspace.State.ACTIVE).values_list("visibility", flat=True)

    assert set(shown) == set(Workspace.Visibility)
    assert Workspace.objects.filter(state=Workspace.State.PROPOSED).count() == 1
    assert set(Workspace.objects.values_list("kind", flat=True)) >= {
        Workspace.Kind.WORKING_GROUP, Workspace.Kind.COMMITTEE, Workspace.Kind.ALLIANCE, Workspace.Kind.COMMONS,
    }  # fmt: skip


def test_each_active_group_is_kept_by_somebody_who_takes_part():
    for group in Workspace.objects.filter(state=Workspace.State.ACTIVE):
        assert facilitators_of(group).exists(), group.name_en
    assert current_participations().count() == Participation.objects.filter(until__isnull=True).count()


def test_the_guest_is_in_one_closed_group_until_a_day():
    guest = User.objects.get(email=GUEST)
    assert is_guest(guest)

    (place,) = places_of(guest).values()

    assert place.is_guest
    assert place.guest_from
    assert place.ends_on > today()
    assert [group.name_en for group in policies.visible_to(guest)] == ["Digital rights"]


def test_whoever_is_not_in_the_secret_one_does_not_learn_of_it():
    secret = named("Safe passage")

    assert policies.can_read(person("Lucía Ferrer"), secret)
    assert not policies.can_see(person("Nadia Osei"), secret)
    assert "Safe passage" not in [group.name_en for group in GroupDirectory(person("Nadia Osei")).groups]


def test_one_has_been_silent_for_long():
    silent = [
        group.name_en
        for group in Workspace.objects.filter(state=Workspace.State.ACTIVE)
        if group.active_at < timezone.now() - timedelta(days=DORMANT_DAYS)
    ]
    assert silent == ["Covering elections"]
