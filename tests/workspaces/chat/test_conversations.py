"""Conversations: with whom one may begin one, who reads it, and what becomes of it."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.access.refusal import Refused
from portal.notifications.models import Notification
from portal.notifications.selectors import bell_and
from tests.architecture.world import organisation
from tests.factories import people as factory
from workspaces.chat import live, policies, services
from workspaces.chat.models import Room
from workspaces.chat.selectors.topics import unread_in_conversations


@pytest.fixture
def three(db):
    alpha, beta = organisation("Alpha Press Union"), organisation("Beta Media Watch")
    return [factory.person(f"{name} Name", of=place) for name, place in (("Ada", alpha), ("Bea", beta), ("Cem", beta))]


def begin(actor, *others, **more):
    return services.conversation_open(factory.reread(actor), people=others, **more)


def say(room, actor, body="Hello"):
    return services.message_send(factory.reread(actor), topic=room.topics.get(), body=body)


def test_the_same_people_find_the_same_conversation(three):
    ada, bea, cem = three

    assert begin(ada, bea) == begin(bea, ada, ada)
    assert begin(ada, bea, cem) != begin(ada, bea)
    assert Room.objects.count() == 2
    assert not Notification.objects.exists()  # nobody is told before something is written


def test_only_those_in_it_read_and_hear_it(three):
    ada, bea, cem = three
    room = begin(ada, bea)
    say(room, ada, "Between us")

    readers = [one for one in (*three, factory.secretariat("Sekou")) if policies.can_read(factory.reread(one), room)]
    assert readers == [ada, bea]
    assert [one.person for one in Notification.objects.filter(kind="chat.direct")] == [bea]
    assert live.heard_in_conversations({(one.pk, room.key) for one in three}) == {
        (ada.pk, room.key),
        (bea.pk, room.key),
    }
    assert [bell_and(one, [unread_in_conversations(one)])[1] for one in (bea, cem)] == [[1], [0]]
    stranger = Client()
    stranger.force_login(cem)
    assert stranger.get(room.get_absolute_url()).status_code == 404


def test_the_page_of_a_person_leads_to_writing_to_them(three, client):
    ada, bea, _cem = three
    client.force_login(ada)

    page = client.get(reverse("people:person", args=[bea.pk])).text
    own = client.get(reverse("people:person", args=[ada.pk])).text

    address = reverse("conversations:new", query={"with": bea.pk})
    assert f'href="{address}"' in page
    assert reverse("conversations:new") not in own
    assert f'value="{bea.pk}" checked' in client.get(address).text


def test_people_at_risk_are_found_by_nobody_and_may_begin_knowingly(three):
    ada = three[0]
    hidden = organisation("Hidden Voices", at_risk=True)
    ria, roy = factory.person("Ria Risk", of=hidden), factory.person("Roy Risk", of=hidden)

    with pytest.raises(Refused):
        begin(ada, ria)
    with pytest.raises(ValidationError) as told:
        begin(ria, ada)
    assert "knowingly" in told.value.message_dict
    room = begin(ria, ada, knowingly=True)
    assert say(room, ada).author == ada
    with pytest.raises(ValidationError):  # brings together who may not see each other
        begin(ria, ada, roy, knowingly=True)
    assert begin(ria, roy)


def test_who_leaves_reads_no_more_and_the_rest_stays(three):
    ada, bea, cem = three
    room = begin(ada, bea, cem)
    say(room, ada)
    services.conversation_leave(bea, room=room)

    assert not policies.can_read(factory.reread(bea), room)
    assert not Notification.objects.filter(person=bea).exists()
    with pytest.raises(Refused):
        say(room, bea)
    assert say(room, cem).number == 2
    services.conversation_leave(cem, room=room)
    with pytest.raises(Refused):  # nobody else is there
        say(room, ada)
    assert begin(bea, ada, cem) == room
    assert policies.can_read(factory.reread(bea), room)


def test_who_no_longer_belongs_to_the_network_reads_nothing(three):
    ada, bea, _cem = three
    room = begin(ada, bea)
    bea.affiliations.update(since="2025-01-01T00:00Z", until="2026-01-01T00:00Z")

    assert not policies.can_read(factory.reread(bea), room)
    assert list(policies.rooms_readable_by(factory.reread(bea))) == []


def test_by_forms(three):
    ada, bea, _cem = three
    client = Client()
    client.force_login(ada)
    assert client.get(f"/messages/new/?with={bea.pk}&q=bea").status_code == 200
    begun = client.post("/messages/new/", {"people": [bea.pk]})
    key = Room.objects.get().key
    assert begun.headers["Location"] == f"/messages/{key}/"

    client.post(f"/messages/{key}/send/", {"body": "Only **you**"})

    assert "Only <strong>you</strong>" in client.get(f"/messages/{key}/").text
    assert "Bea Name" in client.get("/messages/").text
    for rest in ("pins/", "search/?q=only", "mentions/?q=b", "leave/", "m/1/actions/", "m/1/edit/", "m/1/seen/"):
        assert client.get(f"/messages/{key}/{rest}").status_code == 200, rest
