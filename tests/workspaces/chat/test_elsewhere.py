"""What rooms leave in other places: erasure, export, bad input through the forms."""

import pytest
from django.core.cache import cache
from django.test import Client

from portal.privacy.selectors.held import all_rows
from portal.privacy.services import erase
from portal.registry import announced
from portal.search.models import Document
from portal.search.selectors import matching
from tests.factories import groups
from tests.factories import people as factory
from tests.factories.rooms import cast
from tests.portal.privacy.canary import everywhere
from workspaces.chat import services
from workspaces.chat.models import Companion, Mention, Message, Reaction, ReadMark
from workspaces.groups.registry import sections
from workspaces.groups.selectors.unread import unread_in


@pytest.fixture
def group(db):
    cache.clear()
    return cast()


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_thread_stays_and_the_person_goes(group):
    person = factory.person("Zorblax Quindlefrump", of=group.alpha)
    groups.takes_part(group.workspace, person, of=group.alpha)
    topic = group.topic("Ask Zorblax Quindlefrump")
    mine = group.say(topic, "I am Zorblax Quindlefrump.", by=person)
    named = group.say(topic, "Thanks @Zorblax Quindlefrump, said Zorblax Quindlefrump.")
    services.message_edit(group.bob, message=named, body="Thanks, @Zorblax Quindlefrump.")
    services.message_react(person, message=named, sign="👍")
    room = services.conversation_open(factory.reread(person), people=[group.bob])
    services.message_send(factory.reread(group.bob), topic=room.topics.get(), body="Dear Zorblax Quindlefrump")
    assert everywhere(["zorblax quindlefrump"])
    assert matching("message", "quindlefrump").count() == 3

    erase(factory.secretariat("Sekou Retariat"), person=person)

    assert [one for one in everywhere(["zorblax", "quindlefrump"]) if one != "cache"] == []
    mine.refresh_from_db()
    assert (mine.body, str(mine.author), mine.acting_for) == ("I am Former member.", "Former member", group.alpha)
    assert not matching("message", "quindlefrump").exists()
    assert Document.objects.filter(source="message").count() == Message.objects.count()
    assert not Reaction.objects.filter(person=person).exists()
    assert not Mention.objects.filter(person=person).exists()
    assert not ReadMark.objects.filter(person=person).exists()
    assert Companion.objects.filter(person=person).exists()
    page = browser(group.bob).get(topic.get_absolute_url()).text
    assert "I am Former member." in page


def test_own_messages_are_in_the_export(group):
    message = group.say(group.topic(), "My words")
    rule = announced.retention_rules["chat.message_text"]

    assert [row.pk for row in all_rows(rule, group.bob)] == [message.pk]


def test_the_section_of_the_group_costs_one_query_for_many(group, django_assert_num_queries):
    group.topic()
    bob = factory.reread(group.bob)
    section = sections["chat"]
    assert unread_in(bob, [group.workspace.pk])["chat"] == {group.workspace.pk: 1}

    with django_assert_num_queries(1):
        unread_in(bob, list(range(1, 40)))
    assert [one.title for one in section.news(bob, group.workspace, group.workspace.created_at)] == ["Referral form"]


BAD = [
    "\0",
    "\u202e",
    "x" * 11_000,
    "\ud83d",
    "<script>alert(1)</script>",
    "@" * 9_000,
    "\u0600" * 500,
    "🏴" * 2_000,
    "%00",
]


@pytest.mark.parametrize("place", ["body", "language", "acting_for", "reply_to", "decide", "until"])
def test_nothing_that_is_typed_breaks_the_composer(place, group):
    topic = group.topic()
    client = browser(group.bob)
    for bad in [*BAD, "-1", "99999999999999", "1e9", "2026-13-45", ["a", "b"]]:
        data = {"body": "Fine", "acting_for": group.beta.pk, "language": "en", place: bad}
        if isinstance(bad, str):
            data[place] = bad.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert client.post(f"{topic.get_absolute_url()}send/", data).status_code in {302, 422}
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_ten_thousand_signs_are_counted_once_each(group):
    message = group.topic().messages.get()
    people = [factory.person(factor=False) for _ in range(40)]
    Reaction.objects.bulk_create(
        Reaction(message=message, person=one, sign=sign) for one in people for sign in Reaction.Sign.values
    )
    client = browser(group.bob)

    page = client.get(message.topic.get_absolute_url()).text

    assert page.count("data-sign=") == len(Reaction.Sign.values)
    for _ in range(3):
        client.post(f"/groups/{group.workspace.slug}/chat/m/1/react/", {"sign": "👍"})
    assert message.reactions.filter(person=group.bob).count() == 1
    client.post(f"/groups/{group.workspace.slug}/chat/m/1/react/", {"sign": "💣"})
    assert message.reactions.filter(person=group.bob).count() == 1


@pytest.mark.parametrize(
    "rest", ["99/", "99/send/", "m/99/", "m/99/edit/", "m/0/actions/", "99/merge/", "m/99/position/"]
)
def test_what_is_not_there(rest, group):
    group.topic()
    client = browser(group.keeper)
    address = f"/groups/{group.workspace.slug}/chat/{rest}"

    assert (client.post(address) if rest.endswith("send/") else client.get(address)).status_code == 404
