"""What the pages of a room cost, in queries: the same for one and for many."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.live import presence
from tests.architecture.world import organisation
from tests.factories import groups
from tests.factories import people as factory
from tests.factories.files import file as a_file
from tests.factories.rooms import cast
from workspaces.chat import services

HTMX = {"HX-Request": "true"}

OPENED = 12
"""Session, person, their organisations, their places; the group with its room, topics, messages, files beside them, who
takes part, who of them is here; what is new in groups, the rail with the bell."""
WITH_FILES = OPENED + 1
"""Messages with files ask their keeper about these, once for all."""
VISITED = OPENED + 1
"""Whoever has no place has nothing new in groups; whom they are not shown is asked of those who wrote, and of those who
brought the files beside: another app, which asks for itself."""
NOTED = 8
"""A visit, a mark, what waits in the inbox with its live event, and two savepoints."""
SEARCHED = 10
PART = 8


@pytest.fixture
def group(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    cache.clear()
    made = cast(visibility="open")
    type(made.bob).objects.update(presence_visible=True)
    presence.mark([made.bob.pk])
    a_file(made.workspace, "plan.pdf", by=made.bob)
    return made


def browser(person):
    client = Client()
    client.force_login(factory.reread(person))
    return client


def cost(client, address, headers=None):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, headers=headers).status_code == 200
    return len(asked)


def much(group, topic):
    for number in range(60):
        group.say(topic, f"@Ann Alpha, line {number}")
    for number in range(20):
        group.topic(f"Topic {number}")
    for number in range(3):
        a_file(group.workspace, f"{number}.pdf", by=group.keeper)
    for message in topic.messages.order_by("-number")[:3]:
        services.message_react(factory.reread(group.bob), message=message, sign="👍")
        services.message_pin(factory.reread(group.keeper), message=message, on=True)
    presence.mark([group.keeper.pk, group.ann.pk])


@pytest.mark.parametrize(("who", "pinned"), [("ann", OPENED), ("outsider", VISITED)])
def test_the_room_costs_the_same_however_much_is_said(who, pinned, group):
    """Also the first time, but for what is then noted: that one was there, how far one read, what one was told."""
    topic = group.topic()
    client, address = browser(getattr(group, who)), topic.get_absolute_url()
    client.get(address)
    few = cost(client, address)

    much(group, topic)
    first = cost(client, address)
    many = cost(client, address)

    assert few == many == pinned
    assert first <= pinned + NOTED
    client.get(group.room.get_absolute_url())  # of the latest topic
    assert cost(client, group.room.get_absolute_url()) == pinned


def test_messages_with_files_ask_once_more(group):
    topic = group.topic()
    client, address = browser(group.ann), topic.get_absolute_url()
    file = a_file(group.workspace, "table.pdf", by=group.bob)
    for number in range(3):
        message = group.say(topic, f"Line {number}")
        message.files = [file.number]
        message.save(update_fields=["files"])
    client.get(address)

    assert cost(client, address) == WITH_FILES
    assert "table.pdf" in client.get(address).text


@pytest.mark.parametrize(("who", "pinned"), [("ann", PART), ("outsider", PART + 1)])
def test_who_scrolls_back_asks_for_messages_alone(who, pinned, group):
    topic = group.topic()
    much(group, topic)
    client, address = browser(getattr(group, who)), f"{topic.get_absolute_url()}?before=40"
    client.get(address)

    part = client.get(address, headers=HTMX)

    assert cost(client, address, HTMX) == pinned
    assert cost(client, address) <= VISITED
    assert "line 30" in part.text
    assert "<html" not in part.text
    assert 'data-state="here"' in part.text


@pytest.mark.parametrize("who", ["ann", "outsider"])
def test_searching_costs_the_same_for_one_and_for_many(who, group):
    topic = group.topic()
    group.say(topic, "A line")
    client, address = browser(getattr(group, who)), f"{group.room.url('search')}?q=line"
    client.get(address)
    few = cost(client, address)

    for number in range(5):
        group.say(topic, f"line {number}")

    assert cost(client, address) == few <= SEARCHED + (who == "outsider")
    assert client.get(address).text.count("line") >= 6


def test_of_how_many_are_here_a_visitor_is_told_of_those_whom_they_may_know(group):
    hidden = organisation("Hidden Voices", at_risk=True)
    risky = factory.person("Ria Risk", of=hidden)
    groups.takes_part(group.workspace, risky, of=hidden)
    type(risky).objects.update(presence_visible=True)
    presence.mark([risky.pk])
    address = group.topic().get_absolute_url()

    inside, outside, staff = (
        browser(one).get(address) for one in (group.ann, group.outsider, factory.secretariat("Sekou Retariat"))
    )

    assert "</span> of 4" in inside.text
    assert "Ria Risk" in inside.text
    assert "</span> of 3" in outside.text
    assert [page.text.count("Ria Risk") for page in (outside, staff)] == [0, 0]
    assert "Bob Beta" in staff.text
