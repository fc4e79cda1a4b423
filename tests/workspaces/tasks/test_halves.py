"""The two halves of the policies of tasks and meetings agree: everybody against everything, in groups of all sorts."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.accounts.models import User
from tests.factories import groups as make
from tests.factories.meetings import meeting
from tests.factories.tasks import task
from workspaces.calendar import policies as calendar
from workspaces.calendar.models import Meeting
from workspaces.groups.models import Workspace
from workspaces.tasks import policies as tasks
from workspaces.tasks.models import Task


@pytest.fixture
def things(club):
    """A task and a meeting in a group of each visibility and state, with and without the people of the club."""
    ended = {"dissolved_at": timezone.now()}
    for visibility, state in product(Workspace.Visibility.values, Workspace.State.values):
        for within in ((), ((club.otto, club.beta), (club.ria, club.world.hidden), (club.sekou, None))):
            group = make.group(f"{visibility} {state}", visibility=visibility, state=state, **ended)
            task(group)
            meeting(group)
            for person, organisation in within:
                make.takes_part(group, person, of=organisation)
            if within:
                make.guest(group, club.gus)
    Workspace.objects.filter(state="active").update(dissolved_at=None)
    return club


@pytest.mark.parametrize("policy", [(tasks, Task), (calendar, Meeting)], ids=["tasks", "meetings"])
def test_the_halves_agree(policy, things):
    policies, model = policy
    rows = list(model.objects.select_related("workspace"))
    actors = [AnonymousUser(), *User.objects.all()]

    disagreements = [
        (str(actor), row.workspace.name)
        for actor in actors
        for visible in [set(policies.visible_to(actor).values_list("pk", flat=True))]
        for row in rows
        if policies.can_see(actor, row) != (row.pk in visible)
    ]

    assert len(rows) * len(actors) > 200
    assert disagreements == []
    assert policies.visible_to(things.otto).exists()
    assert not policies.visible_to(things.una).exists()
