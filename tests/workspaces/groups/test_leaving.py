"""Leaving, being removed, and who keeps a group."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from portal.notifications.models import Notification
from portal.notifications.services import notify
from tests.architecture.world import ADMINISTRATOR, AT_RISK, DELEGATE, OTHER, SECRETARIAT, STAFF
from workspaces.groups import policies, services
from workspaces.groups.models import WorkspaceGrant
from workspaces.groups.selectors.participation import current_organisations, facilitators_of


def place_of(world, role, workspace=None):
    return (workspace or world.group).participations.get(person=world.people[role], until__isnull=True)


def rights_heard(person):
    return Event.objects.filter(topic__name=f"rights:{person.pk}").count()


def test_whoever_leaves_reads_no_more_and_what_waited_for_them_is_gone(world, place):
    staff = world.people[STAFF]
    notify([staff], kind="group.reopened", payload={"group": "Safety"}, url="/", scope=world.group.scope)
    assert Notification.objects.filter(person=staff).exists()

    services.participation_end(staff, participation=place_of(world, STAFF))

    assert place(staff, world.group) is None
    assert not policies.can_read(staff, world.group)
    assert not Notification.objects.filter(person=staff).exists()
    assert rights_heard(staff) == 1
    assert Entry.objects.filter(verb="group.left", actor=staff).exists()


def test_a_facilitator_removes_somebody_who_is_told_why(world, place):
    removed, other = place_of(world, OTHER), world.people[OTHER]

    services.participation_end(world.people[ADMINISTRATOR], participation=removed, reason="Moved on.")
    services.participation_end(world.people[ADMINISTRATOR], participation=removed)  # nothing more happens

    assert place(other, world.group) is None
    told = Notification.objects.get(person=other)
    assert (told.kind, told.payload["reason"]) == ("group.removed", "Moved on.")
    assert Entry.objects.filter(verb="group.removed").count() == 1


def test_who_may_end_whose_place(world):
    may = {
        (actor, whose)
        for actor in (ADMINISTRATOR, STAFF, OTHER, DELEGATE, AT_RISK, SECRETARIAT)
        for whose in (STAFF, OTHER)
        if policies.can_end(world.people[actor], place_of(world, whose))
    }

    assert may == {
        (ADMINISTRATOR, STAFF), (ADMINISTRATOR, OTHER), (STAFF, STAFF), (OTHER, OTHER), (DELEGATE, STAFF),
    }  # fmt: skip


def test_the_last_facilitator_hands_over_before_they_go(world):
    keeper = world.people[ADMINISTRATOR]
    for act in (
        lambda: services.participation_end(keeper, participation=place_of(world, ADMINISTRATOR)),
        lambda: services.facilitator_dismiss(keeper, participation=place_of(world, ADMINISTRATOR)),
        lambda: services.organisation_end(keeper, workspace=world.group, organisation=world.alpha),
    ):
        with pytest.raises(services.LastFacilitator):
            act()

    services.facilitator_appoint(keeper, participation=place_of(world, OTHER))
    services.participation_end(keeper, participation=place_of(world, ADMINISTRATOR))

    assert [one.name for one in facilitators_of(world.group)] == ["Otto Other"]
    assert not WorkspaceGrant.objects.filter(user=keeper).exists()
    assert Notification.objects.filter(person=world.people[OTHER], kind="group.facilitator_appointed").count() == 1


def test_a_role_counts_only_while_its_holder_takes_part(world):
    services.facilitator_appoint(world.people[ADMINISTRATOR], participation=place_of(world, STAFF))
    world.people[STAFF].affiliations.update(until=timezone.now())

    assert [one.name for one in facilitators_of(world.group)] == ["Ada Ministrator"]


def test_the_secretariat_gives_a_group_that_nobody_keeps_a_facilitator(world, place):
    WorkspaceGrant.objects.all().delete()
    with pytest.raises(Refused):
        services.facilitator_appoint(world.people[STAFF], participation=place_of(world, STAFF))

    services.facilitator_appoint(world.people[SECRETARIAT], participation=place_of(world, STAFF))

    assert place(world.people[STAFF], world.group).facilitates


def test_an_organisation_leaves_with_all_its_people(world, place):
    services.organisation_end(world.people[OTHER], workspace=world.group, organisation=world.beta)

    assert place(world.people[OTHER], world.group) is None
    there = current_organisations().filter(workspace=world.group).values_list("organisation__name", flat=True)
    assert list(there) == ["Alpha Press Union"]
    entry = Entry.objects.get(verb="group.organisation_left")
    assert entry.acting_for_name == "Beta Media Watch"
    with pytest.raises(Refused):
        services.organisation_end(world.people[STAFF], workspace=world.group, organisation=world.alpha)


def test_in_an_archive_nobody_is_moved(world):
    services.workspace_dissolve(world.people[ADMINISTRATOR], workspace=world.group, note="Done.")
    for act in (
        lambda: services.participation_end(world.people[ADMINISTRATOR], participation=place_of(world, OTHER)),
        lambda: services.organisation_end(world.people[ADMINISTRATOR], workspace=world.group, organisation=world.beta),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises((Refused, ValidationError)):
        services.facilitator_appoint(world.people[ADMINISTRATOR], participation=place_of(world, STAFF))
