"""Topics: closing, moving, merging, and what is new in them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from portal.search.models import Document
from tests.factories import groups
from tests.factories import people as factory
from tests.factories.rooms import cast
from workspaces.chat import services
from workspaces.chat.models import Message, ReadMark, Topic
from workspaces.chat.selectors.topics import activity, topics_of
from workspaces.chat.tasks import messages_vanish
from workspaces.groups.selectors.participation import places_of
from workspaces.groups.selectors.unread import unread_in


@pytest.fixture
def group(db):
    return cast()


def unread(group, person):
    return unread_in(factory.reread(person), [group.workspace.pk]).get("chat", {})


def test_in_a_closed_topic_nobody_writes_until_it_is_reopened(group):
    topic = group.topic()
    with pytest.raises(Refused):
        services.topic_close(group.bob, topic=topic)
    services.topic_close(group.ann, topic=topic)
    with pytest.raises(Refused):
        group.say(topic, "One more thing")

    services.topic_reopen(group.keeper, topic=topic)

    assert group.say(topic, "One more thing").number == 2


def test_a_moved_message_keeps_its_number(group):
    first, second = group.topic("One"), group.topic("Two")
    for body in ("a", "b", "c"):
        group.say(first, body)
    with pytest.raises(Refused):
        services.message_move(group.ann, message=Message.objects.get(body="b"), topic=second)

    services.message_move(group.keeper, message=Message.objects.get(body="b"), topic=second, following=True)

    assert list(second.messages.values_list("number", flat=True)) == [2, 4, 5]
    assert Entry.objects.get(verb="chat.message_moved").details == {"from": 1, "to": 2, "messages": 2}
    assert Event.objects.filter(kind="topic.moved").get().payload == {"topic": 1, "also": [2]}


def test_a_merged_topic_is_a_signpost(group):
    first, second, third = group.topic("One"), group.topic("Two"), group.topic("Three")
    group.say(first, "a")
    services.read_mark(group.bob, topic=first, number=1)
    services.topic_merge(group.keeper, topic=first, into=second)

    services.topic_merge(group.keeper, topic=second, into=third)

    assert Topic.objects.get(pk=first.pk).merged_into == third
    assert third.messages.count() == 4
    assert ReadMark.objects.get(person=group.bob, topic=third).number == 4
    with pytest.raises(ValidationError):
        services.topic_merge(group.keeper, topic=third, into=first)


def test_nothing_is_moved_into_another_group(group):
    elsewhere = groups.group("Elsewhere")
    groups.takes_part(elsewhere, group.keeper, of=group.alpha, keeps=True)
    here = group.topic()
    group.workspace = elsewhere
    there = group.topic("There", by=group.keeper)

    with pytest.raises(ValidationError):
        services.message_move(group.keeper, message=here.messages.get(), topic=there)


def test_what_is_new_is_counted_for_many_groups_in_one_query(group, django_assert_num_queries):
    topic = group.topic()
    for number in range(3):
        group.say(topic, f"News {number}", by=group.ann)
    bob = factory.reread(group.bob)
    assert unread_in(bob, [group.workspace.pk])["chat"] == {group.workspace.pk: 4}

    with django_assert_num_queries(1):
        unread_in(bob, [group.workspace.pk, 77, 78])
    services.read_mark(group.bob, topic=topic, number=2)

    assert unread(group, group.bob) == {group.workspace.pk: 2}
    assert unread(group, group.ann) == {}
    assert unread(group, group.outsider) == {}


def test_what_was_said_before_one_came_is_not_new(group):
    group.topic()
    Message.objects.update(at=timezone.now() - timedelta(days=1))
    cora = factory.person("Cora Late", of=group.beta)
    groups.takes_part(group.workspace, cora, of=group.beta)

    assert unread(group, cora) == {}


def test_topics_are_listed_with_what_is_new_and_who_wrote_last(group, django_assert_num_queries):
    first, second = group.topic("One"), group.topic("Two")
    group.say(first, "a", by=group.ann)
    group.say(first, "b", by=group.ann)
    services.topic_pin(group.keeper, topic=second, on=True)
    bob, room = factory.reread(group.bob), group.room
    places_of(bob)  # every page asks

    with django_assert_num_queries(1):
        rows = [(topic.title, topic.unread, topic.last_by) for topic in topics_of(bob, room)[:9]]

    assert rows == [("Two", 1, "Ann Alpha"), ("One", 3, "Ann Alpha")]


def test_a_mark_never_goes_back(group):
    topic = group.topic()
    services.read_mark(group.bob, topic=topic, number=5)
    services.read_mark(group.bob, topic=topic, number=2)

    assert ReadMark.objects.get(person=group.bob).number == 5


def test_the_secretariat_learns_how_much_and_not_what(group):
    topic = group.topic()
    group.say(topic, "Secret plans")

    assert activity([group.workspace.pk], timezone.now() - timedelta(days=1)) == {group.workspace.pk: 2}


def test_messages_vanish_when_their_time_is_over(group):
    topic = group.topic()
    group.say(topic, "Soon gone", by=group.ann)
    with pytest.raises(Refused):
        services.retention_set(group.ann, room=topic.room, days=3)
    services.retention_set(group.keeper, room=topic.room, days=3)
    Message.objects.filter(body="Soon gone").update(expires_at=timezone.now() - timedelta(minutes=1))

    assert unread(group, group.bob) == {group.workspace.pk: 1}  # nobody sees it any more, though the row is there
    messages_vanish(0)

    assert not Message.objects.filter(body="Soon gone").exists()
    assert Document.objects.filter(source="message").count() == 1
    assert Event.objects.filter(kind="message.vanished").get().payload == {"topic": 1, "number": 2}
    assert Entry.objects.get(verb="chat.retention_set").details == {"from": None, "to": 3}
    services.retention_set(group.keeper, room=topic.room, days=None)
    assert Message.objects.get().expires_at is None
