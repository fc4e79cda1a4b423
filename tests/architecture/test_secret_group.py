"""A secret group (checks A5 and A6): with it or without it, outsiders receive the same.

In the first world there is no such group. In the second there is one with everything a group can hold: people, guests,
open and answered invitations, messages that mention outsiders, files, tasks, a meeting, what was told to those inside.
Everything an outsider can ask for is read in both and must be equal, byte for byte; so must the answers about the group
itself, which in the first world does not exist.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.registry import announced
from portal.search.services import reindex
from tests.architecture.table import ROWS
from tests.architecture.test_two_worlds import differences, heard, plain, received
from tests.architecture.world import (
    ADMINISTRATOR,
    ANONYMOUS,
    AT_RISK,
    DELEGATE,
    GUEST,
    OTHER,
    SECRETARIAT,
    STAFF,
    UNAFFILIATED,
    World,
    make_world,
)
from tests.factories import files, groups, meetings, tasks
from tests.jobs import run_jobs
from workspaces.chat import services as chat
from workspaces.chat.selectors.rooms import room_of
from workspaces.groups import policies, services
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import forget_places, today

KEY, WORD = "nhtshftnhtsh", "kestrel"
OUTSIDERS = (OTHER, ADMINISTRATOR, STAFF, GUEST, UNAFFILIATED, ANONYMOUS)
ASKED = (
    *(f"/groups/?{query}" for query in (
        "", "visibility=secret", "mine=mine", "state=active", "state=proposed", "kind=committee", "language=ar",
        "region=africa", "region=europe-central-asia", "alliance=risky", "sort=active", "sort=organisations",
        f"q={WORD}", "q=night", "q=shift", "page=2",
    )),
    *(f"/search/?q={word}" for word in (WORD, "night", "shift", "night+shift", "sn")),
    "/members/people/?q=ria", "/members/?q=hidden", "/notifications/", "/", "/more/", "/calendar.ics",
)  # fmt: skip
LIVES_IN_IT = (
    "",
    "chat/",
    "chat/1/",
    "chat/m/1/",
    "files/",
    "files/1/",
    "tasks/",
    "tasks/1/",
    "calendar/",
    "calendar/1/",
)
"""Below the address of a group."""


@pytest.fixture
def world(db) -> World:
    cache.clear()
    world = make_world()
    for made in (world.group, world.open_group, world.proposed_group, world.dissolved_group):
        assert made.pk
    for source in announced.search_sources:
        reindex(source.name)
    return world


def person_of(world: World, role: str) -> User:
    return User.objects.get(pk=world.people[role].pk)


def with_secret(world: World) -> Workspace:
    """The group with all that can be in one. Only the organisation at risk and alpha's delegate know of it."""
    secret = groups.group(
        "Night shift", key=KEY, visibility=Workspace.Visibility.SECRET, kind=Workspace.Kind.COMMITTEE,
        purpose_en=f"To move the {WORD}.", languages=["ar", "en"], review_on=today() + timedelta(days=2),
    )  # fmt: skip
    keeper, inside = person_of(world, AT_RISK), person_of(world, DELEGATE)
    groups.takes_part(secret, keeper, of=world.hidden, keeps=True)
    groups.takes_part(secret, inside)
    for one in (keeper, inside):
        forget_places(one)
    topic = chat.topic_open(keeper, room=room_of(secret), title=f"The {WORD}", body=f"Tell @Otto Other of the {WORD}.")
    chat.message_send(inside, topic=topic, body=f"Not yet. {WORD}, @Alpha Press Union.")
    files.file(secret, f"{WORD}.pdf", by=keeper)
    tasks.task(secret, f"Feed the {WORD}", created_by=keeper)
    meetings.meeting(secret, f"{WORD} call")
    services.guest_invite(
        keeper, workspace=secret, email="outside@example.org", name="Out Side", guest_from=WORD, ends_on=today()
    )
    services.person_invite(keeper, workspace=secret, person=person_of(world, SECRETARIAT), words=WORD)
    services.dates_remind()
    for source in announced.search_sources:
        reindex(source.name)
    run_jobs()
    return secret


def addresses(world: World, *, in_full: bool) -> list[str]:
    """Every page of the table (in full, else those of groups), every filter, and the group itself."""
    pages = [
        reverse(name, kwargs=row.arguments(world))
        for name, row in sorted(ROWS.items())
        if row.get is not None and not name.startswith(("account_", "mfa_")) and (in_full or name.startswith("group"))
    ]
    itself = [f"/groups/{address}/{rest}" for address in (KEY, "night-shift") for rest in LIVES_IN_IT]
    verbs = ("edit", "visibility", "dissolve", "reopen", "join", "leave", "participants", "invite")
    itself += [f"/groups/{KEY}/{verb}/" for verb in verbs]
    return list(dict.fromkeys([*pages, *ASKED, *itself]))


@pytest.mark.parametrize("role", OUTSIDERS)
def test_with_or_without_a_secret_group_outsiders_receive_the_same(role, world):
    asked = addresses(world, in_full=role == OTHER)
    cache.clear()
    before = received(world, role, asked)
    with_secret(world)
    cache.clear()

    assert differences(before, received(world, role, asked)) == []


def test_the_comparison_sees_what_those_inside_receive(world):
    """The control: to whoever takes part, and to the Secretariat, it is another world."""
    asked = ["/groups/", f"/search/?q={WORD}", f"/groups/{KEY}/", f"/groups/{KEY}/chat/", "/notifications/"]
    before = {role: received(world, role, asked) for role in (DELEGATE, SECRETARIAT)}
    with_secret(world)
    cache.clear()

    assert len(differences(before[DELEGATE], received(world, DELEGATE, asked))) == len(before[DELEGATE])
    assert len(differences(before[SECRETARIAT], received(world, SECRETARIAT, asked))) >= 3


@pytest.mark.parametrize("role", [role for role in OUTSIDERS if role != ANONYMOUS])
def test_nobody_outside_is_told_mailed_or_let_hear(role, world):
    run_jobs()
    outsider = person_of(world, role)
    topics, told = heard(world, role), Notification.objects.filter(person=outsider).count()
    mail.outbox.clear()

    with_secret(world)

    assert heard(world, role) == topics
    assert Notification.objects.filter(person=outsider).count() == told
    assert not [sent for sent in mail.outbox if outsider.email in sent.to]


def posts(slug: str) -> list[tuple[str, dict[str, str]]]:
    """What one can try to do to a group."""
    return [
        (f"/groups/{slug}/{rest}", data)
        for rest, data in (
            ("join/", {"acting_for": "1"}), ("leave/", {}), ("edit/", {"name_en": "x"}), ("dissolve/", {"note": "x"}),
            ("activate/", {}), ("approaches/1/answer/", {"answer": "accepted"}), ("approaches/1/withdraw/", {}),
            ("participants/1/remove/", {}), ("participants/1/appoint/", {}), ("visibility/", {"visibility": "open"}),
            ("organisations/hidden-voices/remove/", {}), ("invite/", {"q": "x"}), ("guests/1/withdraw/", {}),
        )
    ]  # fmt: skip


@pytest.mark.parametrize("role", [OTHER, GUEST])
def test_what_is_done_to_it_from_outside_is_answered_like_what_is_done_to_nothing(role, world):
    """A6: status, headers and body, but for the address."""
    with_secret(world)
    client = Client()
    client.force_login(world.people[role])

    for (known, data), (unknown, _same) in zip(posts(KEY), posts("abcdefghjkmn"), strict=True):
        one, other = client.post(known, data), client.post(unknown, data)
        assert (one.status_code, plain(one).replace(KEY, "")) == (404, plain(other).replace("abcdefghjkmn", "")), known
    asked = [f"/groups/{{}}/{rest}" for rest in LIVES_IN_IT]
    for address in asked:
        one, other = client.get(address.format(KEY)), client.get(address.format("abcdefghjkmn"))
        assert (one.status_code, plain(one).replace(KEY, "")) == (404, plain(other).replace("abcdefghjkmn", ""))


def test_only_those_inside_and_the_secretariat_can_see_it(world):
    secret = with_secret(world)

    seeing = {role for role in world.people if policies.can_see(person_of(world, role), secret)}
    reading = {role for role in world.people if policies.can_read(person_of(world, role), secret)}

    assert seeing == {AT_RISK, DELEGATE, SECRETARIAT}
    assert reading == {AT_RISK, DELEGATE}
