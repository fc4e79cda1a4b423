"""What the page's side of the live connection does when its server misbehaves: the server is played by the test."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.test_live import PROFILE, save
from tests.browser.visitor import NADIA, TOMAS

pytestmark = pytest.mark.browser

ROOM = "room:1"
FOLLOW = """async ([topic, since]) => {
  const source = document.querySelector("script[src*='/js/live']").src;
  window.live = await import(source);
  window.heard = [];
  const note = (what) => (...values) => heard.push([what, ...values]);
  window.stop = live.follow(topic, {
    since, event: (frame) => heard.push(["event", frame.number ?? frame.kind]), present: note("present"),
    typing: note("typing"), gone: note("gone"), resync: note("resync"), state: note("state"),
  });
}"""
SEND = """([name, data, options]) => {
  window.answers ??= [];
  const promise = live.send(name, data, options);
  promise.then((answer) => answers.push(answer));
  return promise.key;
}"""


class Server:
    """The other end of the page's sockets."""

    def __init__(self, visitor):
        self.visitor, self.sockets, self.said = visitor, [], []
        visitor.context.route_web_socket("**/live/", self.opened)

    def opened(self, socket):
        self.sockets.append(socket)
        socket.on_message(lambda text: self.said.append(json.loads(text)))

    def say(self, *frames):
        for frame in frames:
            self.sockets[-1].send(json.dumps(frame))
        self.visitor.page.wait_for_timeout(50)

    def about(self, topic):
        return [frame for frame in self.said if frame.get("topic") == topic]

    def wait_for(self, condition, seconds=10):
        for _ in range(seconds * 20):
            if condition():
                return
            self.visitor.page.wait_for_timeout(50)
        raise AssertionError(self.said)


@pytest.fixture(scope="module")
def sources():
    """Where the module is, as the first page says."""
    return []


@pytest.fixture
def reader(arrive):
    return arrive(NADIA)


@pytest.fixture
def server(reader, sources):
    """A page of which the test is the server; it follows one topic and knows five of its events."""
    if not sources:
        reader.go("/privacy/")
        sources.append(reader.page.locator("script[src*='/js/live']").first.get_attribute("src"))
    # A page with nothing else in it is there in a moment.
    bare = f'<!doctype html><html data-person="1"><script type="module" src="{sources[0]}"></script>'
    reader.page.route("**/privacy/", lambda route: route.fulfill(content_type="text/html", body=bare))
    played = Server(reader)
    reader.go("/privacy/")
    reader.evaluate(FOLLOW, [ROOM, 5])
    played.wait_for(lambda: played.about(ROOM))
    played.say({"topic": ROOM, "head": 5})
    return played


def event(number):
    return {"topic": ROOM, "number": number, "kind": "message.created", "data": {"id": number}}


def heard(reader):
    return reader.evaluate("heard.filter(([what]) => what !== 'state')")


def test_events_are_heard_once_and_in_order(reader, server):
    server.say(event(6), event(6), event(7), event(5), event(8))

    assert server.about(ROOM) == [{"do": "subscribe", "topic": ROOM, "since": 5}]
    assert heard(reader) == [["event", 6], ["event", 7], ["event", 8]]


def test_a_gap_is_seen_and_asked_for(reader, server):
    server.say(event(6), event(9))
    server.wait_for(lambda: len(server.about(ROOM)) == 2)

    assert server.about(ROOM)[-1] == {"do": "subscribe", "topic": ROOM, "since": 6}
    assert heard(reader) == [["event", 6]]
    server.say(event(7), event(8), event(9), {"topic": ROOM, "head": 9})
    assert heard(reader) == [["event", number] for number in (6, 7, 8, 9)]


def test_a_heartbeat_that_is_ahead_is_a_gap_too(reader, server):
    server.say({"topic": ROOM, "head": 7})
    server.wait_for(lambda: len(server.about(ROOM)) == 2)

    assert server.about(ROOM)[-1]["since"] == 5


def test_who_is_too_far_behind_fetches_afresh_and_goes_on(reader, server):
    server.say({"topic": ROOM, "resync": True}, {"topic": ROOM, "head": 900}, event(901))

    assert heard(reader) == [["resync"], ["event", 901]]
    assert len(server.about(ROOM)) == 1


def test_a_server_on_an_older_copy_is_believed(reader, server):
    server.say({"topic": ROOM, "head": 2}, event(3))

    assert heard(reader) == [["resync"], ["event", 3]]


def test_what_is_taken_is_acknowledged(reader, server):
    server.say(*(event(number) for number in range(6, 6 + 270)))
    server.wait_for(lambda: [frame for frame in server.said if frame["do"] == "ack"][1:])

    acknowledged = [frame["frames"] for frame in server.said if frame["do"] == "ack"]
    assert acknowledged == [128, 256]


def test_large_frames_are_acknowledged_sooner(reader, server):
    server.say({**event(6), "html": {"line": "x" * 40_000}})
    server.wait_for(lambda: [frame for frame in server.said if frame["do"] == "ack"])


def test_presence_typing_and_announcements(reader, server):
    frames = [
        {"topic": ROOM, "kind": "present", "data": {"ids": [3], "count": 1}, "html": {"present": "<b>Olu</b>"}},
        {"topic": ROOM, "kind": "typing", "data": {"person": 3, "name": "Olu"}},
        {"topic": ROOM, "kind": "seats", "data": {"left": 4}},
    ]
    server.say(*frames)

    assert heard(reader) == [["present", frames[0]], ["typing", frames[1]], ["event", "seats"]]


def test_typing_is_said_every_three_seconds_at_most(reader, server):
    reader.evaluate("for (let i = 0; i < 50; i++) live.typing('room:1')")
    server.wait_for(lambda: [frame for frame in server.said if frame["do"] == "typing"])
    reader.page.wait_for_timeout(300)

    assert [frame for frame in server.said if frame["do"] == "typing"] == [{"do": "typing", "topic": ROOM}]


def test_what_is_gone_is_said_and_heard_no_more(reader, server):
    server.say({"topic": ROOM, "gone": "This is no longer here for you."}, event(6))

    assert heard(reader) == [["gone", "This is no longer here for you.", True]]


def test_who_stops_following_says_so(reader, server):
    reader.evaluate("stop()")
    server.wait_for(lambda: server.about(ROOM)[-1] == {"do": "unsubscribe", "topic": ROOM})


def test_after_a_cut_it_goes_on_from_the_last_number(reader, server):
    server.say(event(6))
    server.sockets[-1].close(code=1012, reason="")
    server.wait_for(lambda: len(server.sockets) == 2 and len(server.about(ROOM)) == 2)

    assert server.about(ROOM)[-1]["since"] == 6
    assert reader.evaluate("document.documentElement.dataset.live") == "on"


def test_a_command_is_sent_again_with_its_key_until_it_is_answered(reader, server):
    key = reader.evaluate(SEND, ["message.send", {"text": "Hello"}, {"topic": ROOM}])
    commands = lambda: [frame for frame in server.said if frame["do"] == "command"]  # noqa: E731
    server.wait_for(commands)
    server.sockets[-1].close(code=1012, reason="")
    server.wait_for(lambda: len(commands()) == 2)
    server.say({"key": key, "done": {"id": 7}}, {"key": key, "done": {"id": 7}})

    assert commands() == [{"do": "command", "name": "message.send", "key": key, "data": {"text": "Hello"}}] * 2
    answer = {"key": key, "name": "message.send", "data": {"text": "Hello"}, "topic": ROOM, "state": "sent"}
    assert reader.evaluate("answers") == [{**answer, "done": {"id": 7}}]
    assert reader.evaluate("[live.waiting().length, sessionStorage.length]") == [0, 0]


def test_a_refusal_is_an_answer(reader, server):
    key = reader.evaluate(SEND, ["message.send", {"text": "Hello"}, {}])
    server.wait_for(lambda: server.said[-1]["do"] == "command")
    server.say({"key": key, "refused": "Only members write here."})

    (answer,) = reader.evaluate("answers")
    assert (answer["state"], answer["refused"]) == ("refused", "Only members write here.")


def test_a_busy_server_is_asked_again(reader, server):
    key = reader.evaluate(SEND, ["message.send", {"text": "Hello"}, {}])
    server.wait_for(lambda: server.said[-1]["do"] == "command")
    server.say({"key": key, "again": 1})
    server.wait_for(lambda: [frame.get("key") for frame in server.said].count(key) == 2)

    assert reader.evaluate("live.waiting().map((one) => one.key)") == [key]


def commands(server):
    return [frame["data"]["text"] for frame in server.said if frame["do"] == "command"]


def test_what_the_server_cannot_read_is_refused_once_and_the_line_goes_on(reader, server):
    """It closes the socket without saying at which frame: they come once more, one at a time, and the bad one shows."""
    keys = [reader.evaluate(SEND, ["message.send", {"text": text}, {"topic": ROOM}]) for text in ("a", "bad", "c")]
    server.wait_for(lambda: commands(server) == ["a", "bad", "c"])

    def refuse(after, code=4010):
        server.say({"error": "This message was not understood.", "code": code})
        server.sockets[-1].close(code=code, reason="")
        server.wait_for(lambda: len(commands(server)) > after)

    refuse(3)
    server.visitor.page.wait_for_timeout(300)
    assert commands(server)[3:] == ["a"]
    server.say({"key": keys[0], "done": {}})
    server.wait_for(lambda: commands(server)[4:] == ["bad"])
    refuse(5)

    assert commands(server)[5:] == ["c"]
    server.say({"key": keys[2], "done": {}})
    answers = {answer["data"]["text"]: answer for answer in reader.evaluate("answers")}
    assert [answers[text]["state"] for text in ("a", "bad", "c")] == ["sent", "refused", "sent"]
    assert answers["bad"]["refused"] == "This message was not understood."
    assert reader.evaluate("[live.waiting().length, sessionStorage.length]") == [0, 0]
    assert reader.evaluate("document.documentElement.dataset.live") == "on"
    reader.evaluate(SEND, ["message.send", {"text": "d"}, {"topic": ROOM}])
    reader.evaluate(SEND, ["message.send", {"text": "e"}, {"topic": ROOM}])
    server.wait_for(lambda: commands(server)[6:] == ["d", "e"])  # together again


@pytest.mark.parametrize("code", [4010, 4011, 4013, 1009])
def test_one_alone_that_closes_the_socket_is_not_sent_again(code, reader, server):
    reader.evaluate(SEND, ["message.send", {"text": "bad"}, {"topic": ROOM}])
    server.wait_for(lambda: commands(server) == ["bad"])
    server.sockets[-1].close(code=code, reason="")
    server.wait_for(lambda: len(server.sockets) == 2 and len(server.about(ROOM)) == 2)
    server.visitor.page.wait_for_timeout(300)

    assert commands(server) == ["bad"]
    (answer,) = reader.evaluate("answers")
    assert (answer["state"], answer["data"]) == ("refused", {"text": "bad"})


def test_what_is_not_answered_outlives_the_page(reader, server):
    key = reader.evaluate(SEND, ["message.send", {"text": "Hello"}, {"topic": ROOM}])
    server.wait_for(lambda: server.said[-1]["do"] == "command")

    reader.go("/privacy/")
    server.wait_for(lambda: [frame.get("key") for frame in server.said].count(key) == 2)

    reader.evaluate(FOLLOW, [ROOM, 5])
    assert reader.evaluate("live.waiting('room:1').map((one) => one.data.text)") == ["Hello"]
    assert reader.evaluate("live.waiting('room:2')") == []


def test_nobody_else_sends_what_somebody_left_in_the_tab(reader, server):
    reader.evaluate("sessionStorage.setItem('outbox:0', JSON.stringify([{key: 'k'.repeat(20), name: 'x', data: {}}]))")
    reader.go("/privacy/")
    reader.evaluate(FOLLOW, [ROOM, 5])
    server.wait_for(lambda: len(server.about(ROOM)) == 2)

    assert reader.evaluate("Object.keys(sessionStorage)") == []
    assert [frame for frame in server.said if frame["do"] == "command"] == []


def test_a_laptop_that_slept_for_an_hour_comes_back(arrive):
    reader = arrive(NADIA)
    reader.page.clock.install()
    server = Server(reader)
    reader.go("/privacy/")
    reader.page.clock.run_for(1000)
    reader.evaluate(FOLLOW, [ROOM, 5])
    server.wait_for(lambda: server.about(ROOM))
    server.say(event(6))

    reader.page.clock.fast_forward("01:00:00")  # timers fire at most once, as on waking up
    for _ in range(6):
        reader.page.clock.run_for(1000)
    server.wait_for(lambda: len(server.sockets) == 2 and len(server.about(ROOM)) == 2)

    assert server.about(ROOM)[-1] == {"do": "subscribe", "topic": ROOM, "since": 6}


def test_the_end_of_the_session_is_the_end_of_it(reader, server):
    server.sockets[-1].close(code=4001, reason="")
    reader.page.locator("html[data-live=off]").wait_for()
    reader.page.wait_for_timeout(2500)

    assert len(server.sockets) == 1


def test_the_state_is_said_in_words(reader, server):
    reader.evaluate(
        """document.body.insertAdjacentHTML("beforeend",
        '<span data-live-state data-on="Live" data-off="Reconnecting" data-offline="Offline"></span>')"""
    )
    place = reader.page.locator("[data-live-state]")

    server.sockets[-1].close(code=1012, reason="")
    reader.page.locator("[data-live-state=off]", has_text="Reconnecting").wait_for()
    reader.context.set_offline(True)
    reader.page.locator("[data-live-state=offline]", has_text="Offline").wait_for()
    reader.context.set_offline(False)
    reader.page.locator("[data-live-state=on]").wait_for()
    assert place.inner_text() == "Live"


def test_a_part_whose_topic_is_lost_says_so(reader):
    played = Server(reader)
    reader.go(PROFILE)
    part = reader.page.locator("#profile")
    topic = part.get_attribute("data-live-topic")
    played.wait_for(lambda: played.about(topic))
    played.say({"topic": topic, "head": int(part.get_attribute("data-live-number"))})

    played.say({"topic": topic, "gone": "This is no longer here for you."})

    reader.page.get_by_role("status").filter(has_text="This is no longer here for you.").wait_for()


def blocked(visitor):
    """No socket of this visitor ever stands."""
    tries = []

    def refuse(socket):
        tries.append(socket)
        socket.close(code=1008, reason="blocked")

    visitor.context.route_web_socket("**/live/", refuse)
    return tries


def test_without_sockets_the_page_asks_and_sends_by_requests(arrive):
    reader = arrive(NADIA)
    tries, asked = blocked(reader), []
    reader.page.on("request", lambda request: "/live/" in request.url and asked.append(request))
    reader.go(PROFILE)
    reader.page.locator("html[data-live=polling]").wait_for()
    reader.evaluate("window.untouched = true")
    writer = arrive(TOMAS)

    save(writer, "facts", "city", "Distant Harbour")

    reader.page.locator("#profile", has_text="Distant Harbour").wait_for()
    assert reader.evaluate("window.untouched")
    assert len(tries) >= 3
    query = parse_qs(urlsplit(asked[-1].url).query)
    assert {topic.partition(":")[0] for topic in query["t"]} >= {"organisation", "inbox"}

    reader.evaluate("async () => window.live = await import(document.querySelector(\"script[src*='/js/live']\").src)")
    answer = reader.evaluate("live.send('unheard.of', {text: 'Hello'})")
    assert (answer["state"], answer["refused"]) == ("refused", "This is no longer here for you.")


def test_in_low_bandwidth_nothing_is_open_and_commands_are_requests(arrive):
    reader = arrive(NADIA)
    sockets = []
    reader.page.on("websocket", lambda socket: sockets.append(socket))
    reader.go(PROFILE)
    source = reader.page.locator("script[src*='/js/live']").first.get_attribute("src")
    reader.page.route("**/privacy/", low_bandwidth)
    reader.go("/privacy/")

    reader.evaluate(f"async () => window.live = await import('{source}')")
    before = len(sockets)

    assert reader.evaluate("live.send('unheard.of', {text: 'Hello'})")["state"] == "refused"
    assert len(sockets) == before


def low_bandwidth(route):
    """The page as it is for somebody who chose low bandwidth."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("<html ", '<html class="low" ', 1))
