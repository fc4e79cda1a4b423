"""Where sockets are blocked: the same frames by asking, the same commands by posting."""

import pytest
from django.core.cache import cache
from django.test import Client

from portal.idempotency.keys import new_key
from portal.live import limits
from portal.live.models import Event, Topic
from portal.live.polling import TOPICS_AT_MOST
from portal.live.services import publish
from portal.registry import LiveCommand, LiveFragment, LiveTopic, announced
from tests.architecture.world import AT_RISK, GUEST, OTHER, STAFF, make_world
from tests.portal.live.sockets import Socket, cookie_of, in_thread

GONE = "This is no longer here for you."


@pytest.fixture
def known(db):
    cache.clear()
    return make_world()


@pytest.fixture
def reader(known):
    client = Client(headers={"X-Live": "true"})
    client.force_login(known.people[STAFF])
    return client


def poll(client, **topics):
    asked = {"t": list(topics), "since": ["" if number is None else number for number in topics.values()]}
    return client.get("/live/poll/", asked)


def test_what_came_since(known, reader):
    topic = f"organisation:{known.alpha.pk}"
    for number in range(4):
        publish(topic, kind="organisation.updated", payload={"id": number})

    assert poll(reader, **{topic: 2}).json() == [
        {"topic": topic, "number": 3, "kind": "organisation.updated", "data": {"id": 2}},
        {"topic": topic, "number": 4, "kind": "organisation.updated", "data": {"id": 3}},
        {"topic": topic, "head": 4},
    ]
    assert poll(reader, **{topic: 4}).json() == [{"topic": topic, "head": 4}]
    assert poll(reader, **{topic: None}).json() == [{"topic": topic, "head": 4}]


def test_the_frames_are_those_of_a_socket(known, reader, announce_for_now):
    announce_for_now(announced.live_topics, LiveTopic(name="room", may_subscribe=lambda _person, key: key == "1"))
    announce_for_now(
        announced.live_fragments,
        LiveFragment(name="message.created", render=lambda key, payload, language, audience: {"line": language}),
    )
    publish("room:1", kind="message.created")

    assert poll(reader, **{"room:1": 0, "room:2": 0}).json() == [
        {"topic": "room:2", "gone": GONE},
        {"topic": "room:1", "number": 1, "kind": "message.created", "data": {}, "html": {"line": "en"}},
        {"topic": "room:1", "head": 1},
    ]


def test_too_far_behind_is_told_to_fetch_afresh(known, reader):
    publish("directory", kind="people.changed")
    Topic.objects.filter(name="directory").update(head=900)

    assert poll(reader, directory=1).json() == [
        {"topic": "directory", "resync": True},
        {"topic": "directory", "head": 900},
    ]


@pytest.mark.parametrize("role", [GUEST, OTHER, AT_RISK])
def test_what_may_not_be_read_is_answered_like_what_is_not_there(role, known):
    client = Client()
    client.force_login(known.people[role])
    publish(f"inbox:{known.people[STAFF].pk}", kind="notification.created")
    topics = [f"inbox:{known.people[STAFF].pk}", "inbox:999999", "unheard:1"]

    answers = [poll(client, **{topic: 0}).json() for topic in topics]

    assert answers == [[{"topic": topic, "gone": GONE}] for topic in topics]


def test_people_are_seen_by_asking_and_while_they_ask(known, reader):
    staff = known.people[STAFF]
    staff.presence_visible = True
    staff.save()
    watcher = Client()
    watcher.force_login(known.people[OTHER])
    topic = f"person:{staff.pk}"

    before = poll(watcher, **{topic: None}).json()
    poll(reader)

    states = [frames[-1]["data"] for frames in (before, poll(watcher, **{topic: None}).json())]
    assert states == [{"state": "offline"}, {"state": "here"}]


def test_asking_costs_the_same_for_one_event_and_many(known, reader, django_assert_num_queries):
    for _ in range(30):
        publish("directory", kind="people.changed")
        publish(f"inbox:{known.people[STAFF].pk}", kind="notification.created")

    topics = {"directory": 0, f"inbox:{known.people[STAFF].pk}": 0}
    poll(reader, **topics)
    with django_assert_num_queries(5):  # session, person, whether in the network (2); the two heads, all events
        frames = poll(reader, **topics).json()

    assert len(frames) == 62


@pytest.mark.parametrize(
    "query",
    ["t=directory", "since=1", "t=directory&since=x", "t=directory&since=-1", "t=directory&since=٣", "t=&since=1",
     "t=directory&since=" + "1" * 30, "t=" + "x" * 101 + "&since=1",
     "&".join(["t=directory&since=1"] * (TOPICS_AT_MOST + 1))],
    ids=lambda query: query[:25],
)  # fmt: skip
def test_what_makes_no_sense_is_said_once(query, reader):
    answer = reader.get(f"/live/poll/?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, limits.UNREADABLE)


def test_nobody_anonymous_polls():
    assert Client().get("/live/poll/").status_code == 302


@pytest.fixture
def _notes(announce_for_now):
    def note(person, data):
        publish("notes", kind="note.made", payload={"text": data["text"]})
        return {"text": data["text"]}

    announce_for_now(announced.live_commands, LiveCommand(name="note.make", act=note))


def send(client, key, name="note.make", data='{"text": "Buy bread"}'):
    return client.post("/live/command/", {"name": name, "data": data}, headers={"Idempotency-Key": key})


def notes():
    return Event.objects.filter(topic__name="notes").count()


@pytest.mark.usefixtures("_notes")
def test_a_command_is_done_once(reader):
    key = new_key()

    answers = [send(reader, key).json() for _ in range(3)]

    assert answers == [{"key": key, "done": {"text": "Buy bread"}}] * 3
    assert notes() == 1


@pytest.mark.usefixtures("_notes")
def test_what_is_refused_is_answered_in_the_same_words(reader):
    first, second = new_key(), new_key()

    assert send(reader, first, data="{}").json() == {"key": first, "refused": GONE}
    assert send(reader, second, name="unheard.of").json() == {"key": second, "refused": GONE}
    assert notes() == 0


@pytest.mark.usefixtures("_notes")
@pytest.mark.parametrize(
    ("key", "name", "data"),
    [
        ("short", "note.make", '{"text": "x"}'),
        ("", "note.make", '{"text": "x"}'),
        ("k" * 20, "", "{}"),
        ("k" * 20, "Note Make", "{}"),
        ("k" * 20, "note.make", "[]"),
        ("k" * 20, "note.make", "no json"),
        ("k" * 20, "note.make", "[" * 20_000),
        ("k" * 20, "note.make", '{"text": "\\u0000"}'),
        ("k" * 20, "note.make", '{"text": "\\ud800"}'),
        ("k" * 20, "note.make", '{"text": ' + "1" * 30 + "}"),
        ("k" * 20, "note.make", '{"text": "' + "x" * limits.FRAME_CHARACTERS + '"}'),
    ],
    ids=lambda value: value[:20],
)
def test_unreadable_commands_are_refused(key, name, data, reader):
    answer = send(reader, key, name, data)

    assert (answer.status_code, answer.json()["code"]) == (400, limits.UNREADABLE)
    assert notes() == 0


@pytest.mark.usefixtures("_notes")
def test_a_foreign_page_cannot_send(known):
    client = Client(enforce_csrf_checks=True)
    client.force_login(known.people[STAFF])

    assert send(client, new_key()).status_code == 403


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_notes")
async def test_sent_over_a_socket_and_again_by_a_request_it_is_done_once(world, open_socket):
    """The socket broke before the answer came; the page goes on without sockets."""
    person, key = world.people[STAFF], new_key()
    cookie = await in_thread(cookie_of)(person)
    socket: Socket = await open_socket(person, cookie=cookie)
    await socket.say({"do": "command", "name": "note.make", "key": key, "data": {"text": "Buy bread"}})
    over_socket = await socket.hear()

    def again():
        client = Client(headers={"Cookie": cookie})
        return send(client, key).json()

    assert await in_thread(again)() == over_socket == {"key": key, "done": {"text": "Buy bread"}}
    assert await in_thread(notes)() == 1
