"""How a group begins, comes to its end and begins again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from memberships.people.models import Role
from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.notifications.models import Notification
from tests.architecture.world import ADMINISTRATOR, DELEGATE, OTHER, SECRETARIAT, STAFF, make_world, person
from workspaces.groups import policies, services
from workspaces.groups.models import Approach, Workspace
from workspaces.groups.selectors.participation import forget_places, today

State = Workspace.State


@pytest.fixture
def world(db):
    return make_world()


def propose(world, actor=ADMINISTRATOR, **changes):
    values = {
        "organisation": world.alpha,
        "texts": {"name_en": "Safety of journalists", "purpose_en": "To keep each other safe."},
        "languages": ["en", "fr"],
        "review_on": today() + timedelta(days=365),
        **changes,
    }
    return services.workspace_propose(world.people[actor], **values)


def test_a_proposal_waits_for_the_secretariat_and_is_known_to_nobody_else(world):
    workspace = propose(world, organisations=[world.beta])

    assert workspace.state == State.PROPOSED
    seen = {role for role, one in world.people.items() if policies.can_see(one, workspace)}
    # The delegate decides for the proposing organisation too.
    assert seen == {ADMINISTRATOR, DELEGATE, SECRETARIAT}
    told = set(Notification.objects.filter(kind="group.proposed").values_list("person__name", flat=True))
    assert told == {"Sekou Retariat"}
    assert not Notification.objects.filter(kind="group.invited").exists()


def test_once_started_its_founder_keeps_it_and_the_invited_hear_of_it(world):
    workspace = propose(world, organisations=[world.beta], people=[world.people[STAFF]])

    workspace = services.workspace_activate(world.people[SECRETARIAT], workspace=workspace)

    founder = world.people[ADMINISTRATOR]
    forget_places(founder)
    place = policies.place(founder, workspace)
    assert (place.organisation, place.facilitates, place.is_guest) == (world.alpha, True, False)
    told = set(Notification.objects.filter(kind="group.invited").values_list("person__name", flat=True))
    assert told == {"Otto Other", "Sam Staff"}
    assert [change.state for change in workspace.state_changes.all()] == [State.ACTIVE, State.PROPOSED]
    verbs = Entry.objects.filter(verb__startswith="group.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["group.proposed", "group.activated"]


def test_it_starts_at_once_where_the_secretariat_has_set_that(world):
    services.rules_set(world.people[SECRETARIAT], activate_at_once=True)

    assert propose(world).state == State.ACTIVE


def test_only_full_members_propose_and_only_what_is_theirs(world):
    world.alpha.standings.update(kind="interim")
    with pytest.raises(Refused):
        propose(world)
    world.alpha.standings.update(kind="full")
    with pytest.raises(Refused):
        propose(world, kind=Workspace.Kind.COMMITTEE)
    with pytest.raises(Refused):
        propose(world, actor=STAFF)
    with pytest.raises(Refused):
        propose(world, organisation=world.beta)
    with pytest.raises(Refused):
        propose(world, organisation=None)

    assert not Workspace.objects.exists()


def test_the_secretariat_declines_with_a_reason(world):
    workspace = propose(world)
    with pytest.raises(ValidationError):
        services.workspace_decline(world.people[SECRETARIAT], workspace=workspace, note=" ")

    services.workspace_decline(world.people[SECRETARIAT], workspace=workspace, note="There is one already.")

    workspace.refresh_from_db()
    assert workspace.state == State.DECLINED
    assert workspace.state_changes.first().note == "There is one already."
    with pytest.raises(ValidationError):
        services.workspace_activate(world.people[SECRETARIAT], workspace=workspace)


def test_a_dissolved_group_is_an_archive_until_it_is_reopened(world):
    workspace = services.workspace_activate(world.people[SECRETARIAT], workspace=propose(world))
    founder = world.people[ADMINISTRATOR]
    invited = services.organisation_invite(founder, workspace=workspace, organisation=world.beta)

    services.workspace_dissolve(founder, workspace=workspace, note="Tunisia has a free press now.")

    workspace.refresh_from_db()
    forget_places(founder)
    assert policies.can_read(founder, workspace)
    assert not policies.can_take_part(founder, workspace)
    assert not policies.can_facilitate(founder, workspace)
    invited.refresh_from_db()
    assert invited.answer == Approach.Answer.WITHDRAWN
    with pytest.raises(Refused):
        services.workspace_reopen(founder, workspace=workspace)
    services.workspace_reopen(world.people[SECRETARIAT], workspace=workspace)
    workspace.refresh_from_db()
    forget_places(founder)
    assert policies.can_facilitate(founder, workspace)


def test_a_day_on_which_somebody_looks_at_it_again_is_needed(world):
    for days in ({"review_on": None, "ends_on": None}, {"review_on": today()}):
        with pytest.raises(ValidationError) as error:
            propose(world, **days)
        assert set(error.value.message_dict) == {"review_on"}


def test_an_address_that_is_taken_by_a_secret_group_does_not_show(world):
    secret = propose(world, visibility="secret")
    other = propose(world)

    assert secret.slug == secret.key
    assert other.slug == "safety-of-journalists"
    third = propose(world)
    assert third.slug == f"safety-of-journalists-{third.key[:6]}"


def test_the_right_ends_with_the_affiliation_and_with_the_organisations_own(world):
    workspace = services.workspace_activate(world.people[SECRETARIAT], workspace=propose(world, visibility="open"))
    services.organisation_join(world.people[OTHER], workspace=workspace, organisation=world.beta)
    colleague = person("Co Lleague", of=world.beta, role_names=(Role.DELEGATE,))
    services.colleague_name(world.people[OTHER], workspace=workspace, organisation=world.beta, person=colleague)
    forget_places(colleague)
    assert policies.place(colleague, workspace).organisation == world.beta

    colleague.affiliations.update(until=timezone.now())

    forget_places(colleague)
    assert policies.place(colleague, workspace) is None
    services.organisation_end(world.people[OTHER], workspace=workspace, organisation=world.beta)
    forget_places(world.people[OTHER])
    assert policies.place(world.people[OTHER], workspace) is None
