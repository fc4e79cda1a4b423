"""The two halves of the policy of files agree (A10), in random groups, and the door of downloads is one of them."""

import random
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.access import roles
from portal.accounts.models import User
from tests.architecture.world import organisation, person
from tests.factories import groups as make
from tests.factories.accounts import with_factor
from tests.factories.files import file as a_file
from workspaces.files import policies
from workspaces.files.models import GroupFile
from workspaces.groups.models import Workspace


@pytest.fixture
def random_groups(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    dice = random.Random(20261128)
    organisations = [organisation(f"Organisation {n}", at_risk=dice.random() < 0.2) for n in range(8)]
    people = [
        person(f"Person {n}", of=dice.choice([None, *organisations]), is_active=dice.random() < 0.9) for n in range(30)
    ]
    for someone in people[:2]:
        with_factor(someone)
        roles.grant(roles.SECRETARIAT, someone, roles.network())
    for number in range(18):
        visibility = dice.choice(Workspace.Visibility.values)
        group = make.group(f"Group {number}", visibility=visibility)
        for someone in dice.sample(people, 6):
            affiliation = someone.affiliations.first()
            if affiliation is not None:
                make.takes_part(group, someone, of=affiliation.organisation, keeps=dice.random() < 0.3)
            else:
                make.guest(group, someone, days=dice.choice([-2, 5]))
        for n in range(4):
            file = a_file(group, f"{n}.pdf", by=dice.choice(people))
            if n == 3:
                GroupFile.objects.filter(pk=file.pk).update(deleted_at=timezone.now())
        state = dice.choice([Workspace.State.ACTIVE] * 3 + [Workspace.State.DISSOLVED, Workspace.State.PROPOSED])
        Workspace.objects.filter(pk=group.pk).update(state=state, dissolved_at=timezone.now() - timedelta(days=1))


def test_they_agree(random_groups):
    files = list(GroupFile.objects.select_related("workspace", "newest__stored"))
    actors = [AnonymousUser(), *User.objects.all()]
    wrong, seen = [], 0

    for actor in actors:
        visible = set(policies.visible_to(actor).values_list("pk", flat=True))
        for file in files:
            one = policies.can_see(actor, file)
            seen += one
            bytes_too = isinstance(actor, User) and policies.can_download(actor, file.newest.stored)
            if not one == bytes_too == (file.pk in visible):
                wrong.append((str(actor), str(file)))
            if policies.can_delete(actor, file) and not (one and policies.can_write(actor, file.workspace)):
                wrong.append((str(actor), f"deletes {file}"))

    assert wrong == []
    assert len(actors) * len(files) > 2_000
    assert 200 < seen < len(actors) * len(files) / 2
