"""From each place people are told as much as they chose, and nothing once they left: not in the inbox, not by mail."""

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.live.models import Event
from portal.notifications import services
from portal.notifications.models import Notification, ScopeLevel
from portal.notifications.policies import can_hear_from, unheard
from portal.notifications.selectors import levels_of, scope_level_of
from portal.registry import Level
from tests.factories.accounts import person
from tests.jobs import queued_jobs, run_jobs
from tests.portal.notifications.places import FACT, MENTION, URGENT

CLUB, ROOM = "testclub:k1", "testroom:k1.7"
ALL, MENTIONS, NOTHING = Level


@pytest.fixture
def reader(places):
    rita = person("Rita Reader")
    places.join(rita)
    return rita


def tell(*people, kind=FACT, scope=ROOM, who="Anna"):
    services.notify(people, kind=kind, payload={"who": who}, url="/", scope=scope)


def choose(reader, **levels):
    for scope, level in levels.items():
        if level is not None:
            services.scope_level_set(reader, scope={"club": CLUB, "room": ROOM}[scope], level=level)


# club's level, room's level → which of the two kinds arrive from the club and from the room. The room's family has
# mentions by default, the club's has all.
TOLD = {
    (None, None): ({FACT, MENTION}, {MENTION}),
    (None, ALL): ({FACT, MENTION}, {FACT, MENTION}),
    (None, MENTIONS): ({FACT, MENTION}, {MENTION}),
    (None, NOTHING): ({FACT, MENTION}, set()),
    (ALL, None): ({FACT, MENTION}, {FACT, MENTION}),
    (ALL, ALL): ({FACT, MENTION}, {FACT, MENTION}),
    (ALL, MENTIONS): ({FACT, MENTION}, {MENTION}),
    (ALL, NOTHING): ({FACT, MENTION}, set()),
    (MENTIONS, None): ({MENTION}, {MENTION}),
    (MENTIONS, ALL): ({MENTION}, {FACT, MENTION}),
    (MENTIONS, MENTIONS): ({MENTION}, {MENTION}),
    (MENTIONS, NOTHING): ({MENTION}, set()),
    (NOTHING, None): (set(), set()),
    (NOTHING, ALL): (set(), {FACT, MENTION}),
    (NOTHING, MENTIONS): (set(), {MENTION}),
    (NOTHING, NOTHING): (set(), set()),
}


@pytest.mark.parametrize(("club", "room"), TOLD)
def test_the_nearest_level_that_was_set_decides(club, room, reader):
    choose(reader, club=club, room=room)
    for kind in (FACT, MENTION):
        tell(reader, kind=kind, scope=CLUB), tell(reader, kind=kind, scope=ROOM)

    told = [{one.kind for one in Notification.objects.filter(person=reader, scope=scope)} for scope in (CLUB, ROOM)]

    assert tuple(told) == TOLD[club, room]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("kind", [FACT, MENTION, URGENT])
def test_who_may_not_hear_is_never_told_whatever_they_chose(level, kind, reader, places):
    choose(reader, club=level, room=level)
    places.leave(reader)

    tell(reader, kind=kind, scope=CLUB), tell(reader, kind=kind, scope=ROOM)

    assert not Notification.objects.exists()
    assert queued_jobs() == []


def test_what_comes_from_nowhere_reaches_everyone(reader, places):
    choose(reader, club=NOTHING)
    places.leave(reader)

    tell(reader, scope="")

    assert Notification.objects.get().scope == ""


def test_each_of_many_has_their_own_level(places):
    everything, mentions, nothing, stranger = people = [person() for _ in range(4)]
    places.join(everything, mentions, nothing)
    choose(everything, room=ALL), choose(mentions, club=MENTIONS), choose(nothing, room=NOTHING, club=ALL)

    tell(*people), tell(*people, kind=MENTION)

    told = Notification.objects.order_by("pk").values_list("person_id", "kind")
    assert list(told) == [(everything.pk, FACT), (everything.pk, MENTION), (mentions.pk, MENTION)]
    assert levels_of([one.pk for one in people], ROOM) == {
        everything.pk: ALL, mentions.pk: MENTIONS, nothing.pk: NOTHING, stranger.pk: MENTIONS,
    }  # fmt: skip


def test_telling_costs_the_same_queries_for_one_and_for_thirty(places):
    counts = []
    for number in (1, 3, 30):
        people = [person() for _ in range(number)]
        places.join(*people)
        for one in people:
            choose(one, room=ALL)
        with CaptureQueriesContext(connection) as queries:
            tell(*people)
        counts.append(len([query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]))

    # Who may hear, levels, kinds and times of mail, lines, jobs; of the live topics: rows, their lock, numbers, events.
    assert counts == [10, 10, 10]
    assert len(queued_jobs("notifications.mail_send")) == 34


def test_the_level_for_many_is_one_query(places, django_assert_num_queries):
    people = [person() for _ in range(3)]

    with django_assert_num_queries(1):
        levels_of([one.pk for one in people], ROOM)


@pytest.mark.parametrize("scope", ["gone:k1", "testclub:", "testclub", ":k1", "testroom"])
def test_a_place_of_no_announced_family_is_an_error_to_those_who_write(scope, reader):
    for attempt in (
        lambda: tell(reader, scope=scope),
        lambda: services.scope_level_set(reader, scope=scope, level=ALL),
        lambda: services.scope_forget(reader, scope=scope),
        lambda: scope_level_of(reader, scope),
    ):
        with pytest.raises(LookupError):
            attempt()
    assert not can_hear_from(reader.pk, scope)
    assert not Notification.objects.exists()


def test_a_level_is_chosen_changed_and_given_up(reader):
    found = [scope_level_of(reader, ROOM)]
    for level in (ALL, NOTHING, None):
        services.scope_level_set(reader, scope=ROOM, level=level)
        found.append(scope_level_of(reader, ROOM))

    assert found == [MENTIONS, ALL, NOTHING, MENTIONS]
    assert not ScopeLevel.objects.exists()


def test_nobody_chooses_where_they_may_not_hear(reader, places):
    places.leave(reader)

    with pytest.raises(LookupError):
        services.scope_level_set(reader, scope=ROOM, level=ALL)
    with pytest.raises(LookupError):
        services.scope_level_set(reader, scope="", level=ALL)
    places.join(reader)
    with pytest.raises(ValueError):
        services.scope_level_set(reader, scope=ROOM, level="loud")


# Leaving


def test_who_leaves_keeps_nothing_from_there(reader, places):
    other = person()
    places.join(reader, other, club="k1"), places.join(reader, club="k2")
    choose(reader, room=ALL, club=ALL)
    services.scope_level_set(reader, scope="testclub:k2", level=MENTIONS)
    tell(reader, other, scope=CLUB), tell(reader, scope=ROOM), tell(reader, kind=MENTION, scope="testroom:k2.7")
    tell(reader, scope="")

    gone = services.scope_forget(reader, scope=CLUB)

    assert gone == 2
    left = Notification.objects.order_by("pk").values_list("person_id", "scope")
    assert list(left) == [(other.pk, CLUB), (reader.pk, "testroom:k2.7"), (reader.pk, "")]
    assert [one.scope for one in ScopeLevel.objects.all()] == ["testclub:k2"]
    assert Event.objects.filter(topic__name=f"inbox:{reader.pk}", kind="notification.forgotten").count() == 1


def test_a_room_can_be_left_alone(reader):
    choose(reader, room=ALL)
    tell(reader, scope=CLUB), tell(reader, scope=ROOM), tell(reader, kind=MENTION, scope="testroom:k1.8")

    services.scope_forget(reader, scope=ROOM)

    assert {one.scope for one in Notification.objects.all()} == {CLUB, "testroom:k1.8"}


def test_leaving_twice_or_with_nothing_told_says_nothing(reader):
    assert [services.scope_forget(reader, scope=CLUB) for _ in range(2)] == [0, 0]
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_did_not_leave_after_all_keeps_everything(reader):
    tell(reader, scope=CLUB)

    with transaction.atomic():
        services.scope_forget(reader, scope=CLUB)
        transaction.set_rollback(True)

    assert Notification.objects.count() == 1
    assert len(queued_jobs("notifications.mail_send")) == 1


@pytest.mark.parametrize("way", ["forgotten", "may not hear", "wants nothing"])
def test_a_mail_on_its_way_does_not_leave(way, reader, places):
    tell(reader, scope=CLUB)
    if way == "forgotten":
        services.scope_forget(reader, scope=CLUB)
    elif way == "may not hear":
        places.leave(reader)
    else:
        choose(reader, club=NOTHING)

    run_jobs()

    assert mail.outbox == []


def test_the_control_that_mail_leaves_while_nothing_changed(reader):
    tell(reader, scope=CLUB)

    run_jobs()

    assert len(mail.outbox) == 1


def test_what_is_unheard_is_asked_once_for_each_family(reader, places, django_assert_num_queries):
    places.leave(reader)
    pairs = [(reader.pk, scope) for scope in (CLUB, "testclub:k2", ROOM, "", "gone:x")]

    with django_assert_num_queries(2):
        found = unheard(pairs)

    assert found == set(pairs) - {(reader.pk, "")}
