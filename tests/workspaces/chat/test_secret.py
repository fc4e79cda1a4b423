"""A secret group's messages, tried from outside every way: nothing (A3, A6). And those at risk in an open one."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.live.reading import may_read
from portal.notifications.models import Notification
from portal.registry import announced
from tests.factories import groups
from tests.factories import people as factory
from tests.factories.rooms import cast
from workspaces.chat import live, policies, services
from workspaces.chat.models import Message
from workspaces.chat.selectors.finding import SOURCE
from workspaces.groups.services import participation_end

WORD = "kestrel"


@pytest.fixture
def secret(db):
    group = cast(visibility="secret")
    group.topic("About the Kestrel", body=f"The {WORD} flies at night.")
    group.more["secretariat"] = factory.secretariat("Sekou Retariat")
    group.more["nobody"] = factory.person("Una Filiated")
    return group


def outside(group):
    return [group.outsider, group.more["secretariat"], group.more["nobody"]]


def pages(group):
    slug, rest = group.workspace.slug, ["", "new/", "1/", "1/send/", "m/1/", "m/1/actions/", "m/1/history/"]
    rest += ["decisions/", "pins/", "search/?q=kestrel", "mentions/?q=a", "settings/", "closed/", "m/1/seen/"]
    return [f"/groups/{slug}/chat/{one}" for one in rest]


def test_no_address_says_that_it_is_there(secret):
    for person in (secret.outsider, secret.more["nobody"]):
        client = Client()
        client.force_login(person)
        for page in pages(secret):
            known, unknown = client.get(page), client.get(page.replace(secret.workspace.slug, "abcdefghjkmn"))
            assert known.status_code in {404, 405}
            assert known.status_code == unknown.status_code
            cleaned = [re.sub(r'value="[\w-]{20,}"|abcdefghjkmn', "", one.text) for one in (known, unknown)]
            assert cleaned[0].replace(secret.workspace.slug, "") == cleaned[1], page


def test_the_secretariat_knows_that_it_exists_and_reads_nothing(secret):
    client = Client()
    client.force_login(secret.more["secretariat"])

    for page in pages(secret):
        answer = client.get(page)
        assert answer.status_code in {403, 405}
        assert WORD not in answer.text.lower().replace(f"q={WORD}", "")


def test_no_search_finds_it(secret):
    source = announced.search_sources[SOURCE]
    for person in outside(secret):
        person = factory.reread(person)
        client = Client()
        client.force_login(person)
        found = client.get("/search/", {"q": WORD})
        assert "flies at night" not in found.text
        assert list(source.visible_to(person)) == []
        assert source.results(person, list(Message.objects.values_list("pk", flat=True))) == []
    inside = Client()
    inside.force_login(secret.bob)
    assert "flies at night" in inside.get("/search/", {"q": WORD}).text


def test_no_live_topic_no_fragment_no_command(secret):
    for person in outside(secret):
        person = factory.reread(person)
        key = secret.workspace.key
        assert not may_read(person, f"chat:{key}")
        assert not may_read(person, "chat:abcdefghjkmn")
        for name, data in (
            ("message.send", {"topic": 1, "body": "In?"}),
            ("message.edit", {"number": 1, "body": "In?"}),
            ("message.delete", {"number": 1}),
            ("message.react", {"number": 1, "sign": "👍"}),
            ("topic.read", {"topic": 1, "number": 1}),
        ):
            errors = []
            for room in (key, "abcdefghjkmn"):
                with pytest.raises(LookupError) as refused:
                    announced.live_commands[name].act(person, {"room": room, **data})
                errors.append(str(refused.value))
            assert errors[0] == errors[1]


def test_nobody_outside_is_told_or_called(secret):
    topic = secret.room.topics.get()
    topic.room = secret.room
    secret.say(topic, "@Otto Out @Sekou Retariat @Gamma Desk: look")

    told = set(Notification.objects.filter(kind__startswith="chat.").values_list("person__name", flat=True))
    assert told == {"Ann Alpha", "Bob Beta", "Kim Keeper"}
    for person in outside(secret):
        assert not live.hears_room(person.pk, f"{secret.workspace.key}.1")


def test_who_is_removed_reads_and_hears_nothing_more(secret):
    place = secret.workspace.participations.get(person=secret.bob)
    participation_end(secret.keeper, participation=place)
    bob = factory.reread(secret.bob)

    assert not may_read(bob, f"chat:{secret.workspace.key}")
    assert list(policies.visible_to(bob)) == []
    assert not Notification.objects.filter(person=bob, kind__startswith="chat.").exists()


def test_who_only_visits_an_open_group_is_not_told_of_those_at_risk(db):
    group = cast(visibility="open")
    topic = group.topic("Open talk")
    group.say(topic, "Said at risk.")
    group.beta.at_risk = True
    group.beta.save()
    page = reverse("chat:topic", args=[group.workspace.slug, 1])
    visitor, inside = Client(), Client()
    visitor.force_login(group.outsider)
    inside.force_login(group.ann)

    seen, known = visitor.get(page).text, inside.get(page).text

    assert "Said at risk." in seen
    assert "Bob Beta" not in seen
    assert "Beta Media Watch" not in seen
    assert "Somebody of this group" in seen
    assert "Bob Beta" in known
    html = live.message_fragment(group.workspace.key, {"number": 2}, "en", "reader")
    assert "Bob Beta" not in str(html)
    assert "Bob Beta" in str(live.message_fragment(group.workspace.key, {"number": 2}, "en", "participant"))
    assert "Bob" not in str(
        announced.search_sources[SOURCE].results(group.outsider, [Message.objects.get(number=2).pk])
    )


def test_in_an_open_group_visitors_read_and_write_nothing(db):
    group = cast(visibility="open")
    topic = group.topic()
    client = Client()
    client.force_login(group.outsider)

    page = client.get(topic.get_absolute_url())

    assert page.status_code == 200
    assert "data-composer" not in page.text
    assert client.post(f"{topic.get_absolute_url()}send/", {"body": "Hi"}).status_code == 403


def test_guests_read_in_their_group_alone(db):
    group = cast()
    visitor = factory.guest("Gus Guest")
    groups.guest(group.workspace, visitor)
    other = groups.group("Elsewhere")
    groups.takes_part(other, group.ann, of=group.alpha)
    here = group.topic()
    group.workspace = other
    there = group.topic("There")
    visitor = factory.reread(visitor)

    assert policies.can_see(visitor, here.messages.get())
    assert not policies.can_see(visitor, there.messages.get())
    assert services.conversation_open  # and write to nobody beside it
    with pytest.raises(Exception, match="people of the network"):
        services.conversation_open(visitor, people=[group.ann])
