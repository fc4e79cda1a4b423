"""Who may read, write and change: a table of roles, and both halves against each other (A10)."""

import random
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.accounts.models import User
from tests.architecture.world import organisation
from tests.factories import groups
from tests.factories import people as factory
from tests.factories.rooms import cast
from workspaces.chat import policies, services
from workspaces.chat.models import Companion, Message, Room, Topic
from workspaces.groups.models import Workspace

VERBS = (
    "can_read", "can_write", "can_post", "can_edit", "can_delete", "can_react", "can_pin", "can_move",
    "can_change_topic", "can_merge", "can_set_retention", "proposing_for",
)  # fmt: skip
ALL = frozenset(VERBS)
AUTHOR = ALL - {"can_pin", "can_move", "can_merge", "can_set_retention"}
COLLEAGUE = {"can_read", "can_write", "can_post", "can_react"}
TABLE = {
    # who: in an active group, in a dissolved one
    "keeper": (ALL - {"can_edit"}, {"can_read"}),
    "ann": (AUTHOR, {"can_read"}),
    "bob": (COLLEAGUE, {"can_read"}),
    "guest": (COLLEAGUE, {"can_read"}),
    "outsider": (set(), set()),
    "secretariat": (set(), set()),
    "anonymous": (set(), set()),
}


@pytest.mark.parametrize("who", TABLE)
@pytest.mark.parametrize("state", [0, 1], ids=["active", "dissolved"])
def test_who_may_do_what(who, state, db):
    group = cast()
    visitor = factory.guest("Gus Guest")
    groups.guest(group.workspace, visitor)
    people = {
        "keeper": group.keeper, "ann": group.ann, "bob": group.bob, "outsider": group.outsider, "guest": visitor,
        "secretariat": factory.secretariat("Sekou"),
    }  # fmt: skip
    topic = group.topic()
    if state:
        Workspace.objects.update(state="dissolved", dissolved_at=timezone.now())
    message = Message.objects.select_related("room__workspace", "topic__room__workspace").get()
    actor = factory.reread(people[who]) if who in people else AnonymousUser()
    about = {"can_read": message.room, "can_write": message.room, "can_set_retention": message.room}
    about |= dict.fromkeys(("can_post", "can_change_topic", "can_merge"), message.topic)

    allowed = {verb for verb in VERBS if getattr(policies, verb)(actor, about.get(verb, message))}

    assert topic.number == 1
    assert allowed == TABLE[who][state]


@pytest.fixture
def network(db):
    dice = random.Random(20261128)
    places = [organisation(f"Organisation {n}", at_risk=dice.random() < 0.2) for n in range(6)]
    people = [factory.person(of=dice.sample(places, dice.choice([0, 1, 1, 2]))) for _ in range(25)]
    people += [factory.secretariat(), factory.guest()]
    User.objects.filter(pk__in=[one.pk for one in people[:3]]).update(is_active=False)
    for visibility in ("open", "closed", "secret"):
        for state in ("active", "dissolved", "proposed"):
            moments = {"activated_at": timezone.now()} if state != "proposed" else {"activated_at": None}
            moments |= {"dissolved_at": timezone.now()} if state == "dissolved" else {}
            group = groups.group(f"{visibility} {state}", visibility=visibility, state=state, **moments)
            for one in dice.sample(people, 6):
                if not group.participations.filter(person=one).exists():
                    current = [row.organisation for row in one.affiliations.all()]
                    groups.takes_part(group, one, of=current[0] if current else None)
            make_messages(Room.objects.create(workspace=group, key=group.key), people[5])
    for _ in range(8):
        chosen = dice.sample(people, dice.choice([2, 3]))
        circle = "-".join(str(pk) for pk in sorted(one.pk for one in chosen))
        room = Room.objects.create(circle=circle)
        for one in chosen:
            left = timezone.now() if dice.random() < 0.2 else None
            Companion.objects.create(room=room, person=one, left_at=left)
        make_messages(room, chosen[0])


def make_messages(room, author):
    topic = Topic.objects.create(room=room, number=1, title="T", opened_by=author)
    for number, hours in enumerate((None, 5, -5), start=1):
        until = timezone.now() + timedelta(hours=hours) if hours else None
        Message.objects.create(room=room, topic=topic, number=number, author=author, body="x", expires_at=until)


def test_the_halves_agree(network):
    messages = list(Message.objects.select_related("room__workspace"))
    rooms = list(Room.objects.select_related("workspace"))
    people = [AnonymousUser(), *User.objects.all()]
    disagreements, seen = [], 0
    for person in people:
        many = set(policies.visible_to(person).values_list("pk", flat=True))
        readable = set(policies.rooms_readable_by(person).values_list("pk", flat=True))
        disagreements += [(person, one) for one in messages if policies.can_see(person, one) != (one.pk in many)]
        disagreements += [(person, one) for one in rooms if policies.can_read(person, one) != (one.pk in readable)]
        seen += len(many)

    assert len(people) * (len(messages) + len(rooms)) > 1500
    assert seen > 100
    assert disagreements == []


def test_the_halves_of_writing_to_people_agree(network):
    people = list(User.objects.all())

    for actor in people[::3]:
        allowed = set(policies.people_to_write_to(actor).values_list("pk", flat=True))
        assert {one.pk for one in people if policies.can_write_to(actor, one)} == allowed


def test_whoever_reads_no_more_is_not_called(db):
    group = cast()
    gone = group.workspace.participations.get(person=group.bob)
    gone.until = timezone.now()
    gone.save()

    names = set(policies.callable_people(factory.reread(group.ann), group.room).values_list("name", flat=True))

    assert names == {"Ann Alpha", "Kim Keeper"}
    assert services
