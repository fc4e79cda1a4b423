"""Writing, changing and deleting messages."""

import pytest
from django.core.exceptions import ValidationError

from portal.access.refusal import Refused
from portal.audit.models import Entry
from portal.live.models import Event
from portal.notifications.models import Notification
from portal.search.models import Document
from tests.factories import groups
from tests.factories import people as factory
from tests.factories.rooms import cast
from workspaces.chat import services
from workspaces.chat.models import Mention, Message, MessageVersion, ReadMark
from workspaces.groups.models import Workspace
from workspaces.groups.services import participation_end


@pytest.fixture
def group(db):
    return cast()


def told(kind):
    return sorted(Notification.objects.filter(kind=kind).values_list("person__name", flat=True))


def events(group):
    rows = Event.objects.filter(topic__name=group.room.live_topic).order_by("number")
    return [(event.kind, event.payload) for event in rows]


def test_a_topic_begins_with_its_first_message(group):
    topic = group.topic(language="en")

    message = topic.messages.get()
    assert (topic.number, topic.title, topic.opened_for) == (1, "Referral form", group.alpha)
    assert (message.number, message.author, message.acting_for) == (1, group.ann, group.alpha)
    assert ReadMark.objects.get(person=group.ann).number == 1
    assert events(group) == [("message.created", {"topic": 1, "number": 1})]
    assert told("chat.message") == ["Bob Beta", "Kim Keeper"]


def test_numbers_run_within_the_group(group):
    first, second = group.topic("One"), group.topic("Two")
    group.say(first, "Here.")

    assert (first.number, second.number) == (1, 2)
    assert list(Message.objects.order_by("pk").values_list("topic__number", "number")) == [(1, 1), (2, 2), (1, 3)]


def test_who_has_been_told_of_a_topic_is_told_again_only_after_looking(group):
    topic = group.topic()
    group.say(topic, "One."), group.say(topic, "Two.")
    assert told("chat.message") == ["Ann Alpha", "Bob Beta", "Kim Keeper"]

    services.read_mark(group.keeper, topic=topic, number=3)
    group.say(topic, "Three.")

    assert told("chat.message") == ["Ann Alpha", "Bob Beta", "Kim Keeper", "Kim Keeper"]


def test_whoever_is_called_by_name_is_told_so(group):
    topic = group.topic()

    message = group.say(topic, "@Ann Alpha, and @APU: please look. @Otto Out too.")

    assert set(Mention.objects.filter(message=message).values_list("person__name", "organisation__name")) == {
        ("Ann Alpha", None),
        (None, "Alpha Press Union"),
    }
    assert told("chat.mention") == ["Ann Alpha", "Kim Keeper"]
    assert "Otto Out" not in told("chat.message")


def test_facilitators_can_be_called_in_any_language(group):
    topic = group.topic()

    group.say(topic, "@Facilitators: help")

    assert told("chat.mention") == ["Kim Keeper"]


@pytest.mark.parametrize("body", ["", "   \n ", "\0", "\u202e", "x" * 10_001])
def test_what_is_nothing_or_too_long_is_not_sent(group, body):
    topic = group.topic()

    with pytest.raises(ValidationError) as refused:
        group.say(topic, body)

    assert "body" in refused.value.message_dict
    assert Message.objects.count() == 1


def test_what_cannot_be_seen_is_left_out(group):
    message = group.say(
        group.topic(), "Say\0 \u202eyadnus\u202c\x07 to\U000e0041 me\r\n\r\n\r\n\r\nyes \u2067عربي\u2069"
    )

    assert message.body == "Say yadnus to me\n\nyes \u2067عربي\u2069"


def test_who_is_not_in_the_group_does_not_write(group):
    topic = group.topic()

    with pytest.raises(Refused):
        group.say(topic, "Hello", by=group.outsider)
    with pytest.raises(ValidationError):
        group.say(topic, "Hello", acting_for=group.alpha)  # Bob is not of alpha


def test_a_right_that_is_withdrawn_ends_at_once(group):
    topic = group.topic()
    place = group.workspace.participations.get(person=group.bob)
    services.message_send(group.bob, topic=topic, body="I know my rights.")  # and remembers them
    participation_end(group.keeper, participation=place)

    with pytest.raises(Refused):
        services.message_send(group.bob, topic=topic, body="Still here?")


def test_in_an_archive_nothing_is_written(group):
    topic = group.topic()
    message = topic.messages.get()
    Workspace.objects.update(state="dissolved", dissolved_at=message.at)

    for act in (
        lambda: group.say(topic, "Late"),
        lambda: services.message_edit(group.ann, message=message, body="Late"),
        lambda: services.message_delete(group.ann, message=message),
        lambda: services.message_react(group.bob, message=message, sign="👍"),
        lambda: services.topic_close(group.ann, topic=topic),
    ):
        with pytest.raises(Refused):
            act()


def test_a_guest_is_marked_wherever_they_speak(group):
    topic = group.topic()
    visitor = factory.guest("Gus Guest")
    groups.guest(group.workspace, visitor)

    message = group.say(topic, "From outside.", by=visitor)

    assert (message.is_guest, message.guest_from, message.acting_for) == (True, "Press Institute", None)


def test_a_changed_message_keeps_what_it_said(group):
    topic = group.topic()
    message = group.say(topic, "@Ann Alpha look")
    before = len(events(group))

    services.message_edit(group.bob, message=message, body="@Ann Alpha and @Kim Keeper look")
    services.message_edit(group.bob, message=message, body="@Ann Alpha and @Kim Keeper look")  # the same

    message.refresh_from_db()
    assert message.edited_at is not None
    assert [version.body for version in MessageVersion.objects.all()] == ["@Ann Alpha look"]
    assert told("chat.mention") == ["Ann Alpha", "Kim Keeper"]
    assert [kind for kind, _data in events(group)[before:]] == ["message.changed"]
    with pytest.raises(Refused):
        services.message_edit(group.ann, message=message, body="Not mine")


def test_of_a_deleted_message_nothing_stays_but_that_it_was(group):
    topic = group.topic()
    message = group.say(topic, "A secret @Ann Alpha")
    services.message_edit(group.bob, message=message, body="A changed secret @Ann Alpha")
    services.message_react(group.ann, message=message, sign="👍")

    services.message_delete(group.keeper, message=message, reason="Named a source")

    message.refresh_from_db()
    assert (message.body, message.deleted_by) == ("", group.keeper)
    assert not message.versions.exists()
    assert not message.reactions.exists()
    assert not message.mentions.exists()
    assert not Document.objects.filter(source="message", object_id=message.pk).exists()
    assert Entry.objects.filter(verb="chat.message_removed", actor=group.keeper).count() == 1
    assert "secret" not in str(list(Event.objects.values_list("payload"))) + str(
        list(Notification.objects.values_list("payload"))
    )


def test_ones_own_is_deleted_without_a_line_in_the_record(group):
    message = group.say(group.topic(), "Never mind")

    services.message_delete(group.bob, message=message)
    services.message_delete(group.bob, message=message)

    assert not Entry.objects.filter(verb="chat.message_removed").exists()
    with pytest.raises(Refused):
        services.message_edit(group.bob, message=message, body="Again")


def test_a_sign_counts_once(group):
    message = group.topic().messages.get()
    for _ in range(3):
        services.message_react(group.bob, message=message, sign="👍", on=True)
    assert message.reactions.count() == 1

    services.message_react(group.bob, message=message, sign="👍")
    assert message.reactions.count() == 0
    with pytest.raises(ValidationError):
        services.message_react(group.bob, message=message, sign="<b>")


def test_only_who_keeps_the_room_pins(group):
    message = group.topic().messages.get()
    with pytest.raises(Refused):
        services.message_pin(group.ann, message=message, on=True)

    services.message_pin(group.keeper, message=message, on=True)

    message.refresh_from_db()
    assert message.pinned_by == group.keeper
