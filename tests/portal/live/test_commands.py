"""Commands: done once, answered in their sender's language, refused like forms, and never after the session's end."""

import json
import time

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.models import Circumstance
from portal.audit.services import record
from portal.idempotency.keys import new_key
from portal.live import limits
from portal.live.models import Event
from portal.live.services import publish
from portal.registry import LiveCommand, announced
from tests.architecture.world import STAFF
from tests.portal.live.sockets import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


def note(person, data):
    """Does something that can be counted."""
    event = publish("notes", kind="note.made", payload={"text": data["text"], "by": person.pk})
    return {"number": event.number}


def fail(person, data):
    publish("notes", kind="note.made")
    raise data_to_error[data["how"]]


def slow(person, data):
    publish("notes", kind="note.made")
    Session.objects.all().delete()
    return {}


data_to_error = {
    "refused": Refused(gettext_lazy("Only the person themselves can change this.")),
    "wrong": ValidationError(["The first.", "The second."]),
    "key": KeyError("no such room"),
    "row": ObjectDoesNotExist(),
    "page": Http404(),
    "bug": ZeroDivisionError("division by zero"),
}


@pytest.fixture(autouse=True)
def _commands(announce_for_now):
    announce_for_now(
        announced.live_commands,
        LiveCommand(name="note.make", act=note),
        LiveCommand(name="note.fail", act=fail),
        LiveCommand(name="note.slow", act=slow),
    )


def command(name, key, **data):
    return {"do": "command", "name": name, "key": key, "data": data}


async def notes():
    return await in_thread(Event.objects.filter(topic__name="notes").count)()


async def test_a_command_is_done_and_answered(world, open_socket):
    socket, key = await open_socket(world.people[STAFF]), new_key()

    await socket.say(command("note.make", key, text="Buy bread"))

    assert await socket.hear() == {"key": key, "done": {"number": 1}}
    event = await in_thread(Event.objects.get)(topic__name="notes")
    assert event.payload == {"text": "Buy bread", "by": world.people[STAFF].pk}


async def test_the_same_key_gives_the_same_answer_over_another_socket_too(world, open_socket):
    key = new_key()
    answers = []
    for socket in (await open_socket(world.people[STAFF]), await open_socket(world.people[STAFF])):
        for _ in range(2):
            await socket.say(command("note.make", key, text="Buy bread"))
            answers.append(await socket.hear())

    assert answers == [{"key": key, "done": {"number": 1}}] * 4
    assert await notes() == 1


async def test_commands_are_done_in_their_order(world, open_socket):
    socket, keys = await open_socket(world.people[STAFF]), [new_key() for _ in range(20)]
    for place, key in enumerate(keys):
        await socket.say(command("note.make", key, text=str(place)))

    assert [(frame["key"], frame["done"]["number"]) for frame in await socket.frames(20)] == [
        (key, place) for place, key in enumerate(keys, start=1)
    ]


async def test_a_key_with_other_content_is_refused(world, open_socket):
    socket, key = await open_socket(world.people[STAFF]), new_key()
    await socket.say(command("note.make", key, text="Buy bread"))
    await socket.hear()

    await socket.say(command("note.make", key, text="Sell bread"))

    assert await socket.hear() == {"key": key, "refused": "This was sent before with other content."}
    assert await notes() == 1


NOT_THERE = "This is no longer here for you."


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("note.fail", {"how": "refused"}, "Only the person themselves can change this."),
        ("note.fail", {"how": "wrong"}, "The first."),
        ("note.fail", {"how": "key"}, NOT_THERE),
        ("note.fail", {"how": "row"}, NOT_THERE),
        ("note.fail", {"how": "page"}, NOT_THERE),
        ("note.unheard-of", {}, NOT_THERE),
    ],
)
async def test_what_is_refused_changes_nothing_and_frees_the_key(name, data, sentence, world, open_socket):
    socket, key = await open_socket(world.people[STAFF]), new_key()

    await socket.say(command(name, key, **data))

    assert await socket.hear() == {"key": key, "refused": sentence}
    assert await notes() == 0
    await socket.say(command("note.make", key, text="Now it can be used"))
    assert (await socket.hear())["done"]


async def test_a_bug_is_answered_and_logged(world, open_socket, caplog):
    socket, key = await open_socket(world.people[STAFF]), new_key()

    await socket.say(command("note.fail", key, how="bug"))

    assert (await socket.hear())["refused"] == "Something went wrong on our side. Try again in a moment."
    assert "ZeroDivisionError" in caplog.text
    assert await notes() == 0


async def test_sentences_are_in_the_senders_language(world, open_socket):
    staff = world.people[STAFF]
    await in_thread(lambda: User.objects.filter(pk=staff.pk).update(language="fr"))()
    socket = await open_socket(staff)

    await socket.say(command("note.fail", new_key(), how="refused"))

    assert (await socket.hear())["refused"] == "Seule la personne elle-même peut modifier cela."


async def test_a_command_is_done_in_the_senders_time_zone(world, open_socket, announce_for_now):
    staff = world.people[STAFF]
    await in_thread(lambda: User.objects.filter(pk=staff.pk).update(time_zone="Africa/Kinshasa"))()
    act = lambda person, data: {"zone": timezone.get_current_timezone_name()}  # noqa: E731
    announce_for_now(announced.live_commands, LiveCommand(name="zone.ask", act=act))
    socket = await open_socket(staff)

    await socket.say(command("zone.ask", new_key()))

    assert (await socket.hear())["done"] == {"zone": "Africa/Kinshasa"}


async def test_who_is_signed_out_meanwhile_has_done_nothing(world, open_socket):
    socket = await open_socket(world.people[STAFF])

    await socket.say(command("note.slow", new_key()))

    assert await socket.closing_code() == limits.SESSION_ENDED
    assert await notes() == 0


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "\udc00"], ids=["null", "first half", "second half"])
async def test_what_no_text_can_keep_is_refused_and_the_socket_goes_on(text, world, open_socket):
    socket = await open_socket(world.people[STAFF])
    bad, good = new_key(), new_key()

    await socket.say(json.dumps(command("note.make", bad, text=text)))
    await socket.say(command("note.make", good, text="x"))

    answer = await socket.hear()
    assert answer == {"key": bad, "refused": "This holds a character that no text can keep. Write it anew without it."}
    assert (await socket.hear())["key"] == good
    assert await notes() == 1


async def test_a_flood_of_what_no_text_can_keep_is_closed(world, open_socket):
    socket = await open_socket(world.people[STAFF])

    for _ in range(limits.FRAMES_BURST + 200):
        await socket.say(json.dumps(command("note.make", new_key(), text="\0")))

    assert await socket.closing_code() == limits.TOO_OFTEN


async def test_a_key_that_is_none_closes_the_socket(world, open_socket):
    socket = await open_socket(world.people[STAFF])

    await socket.say(command("note.make", "short", text="x"))

    assert "error" in await socket.hear()
    assert await socket.closing_code() == limits.UNREADABLE


async def test_who_sends_without_end_is_asked_to_come_again(world, open_socket):
    socket = await open_socket(world.people[STAFF])
    began = time.monotonic()
    for place in range(80):
        await socket.say(command("note.make", new_key(), text=str(place)))

    outcomes = [next(iter(frame.keys() - {"key"})) for frame in await socket.frames(80)]

    done, most = outcomes.count("done"), limits.COMMANDS_BURST + 1
    assert outcomes.count("again") == 80 - done
    assert limits.COMMANDS_BURST <= done <= most + limits.COMMANDS_A_SECOND * (time.monotonic() - began)
    assert await notes() == done


async def test_the_record_knows_where_a_command_came_from(world, open_socket, announce_for_now):
    def recorded(person, data):
        record(person, verb="person.session_ended", target=person)
        return {}

    announce_for_now(announced.live_commands, LiveCommand(name="note.record", act=recorded))
    socket = await open_socket(world.people[STAFF])

    await socket.say(command("note.record", new_key()))
    await socket.hear()

    kept = await in_thread(Circumstance.objects.get)(entry__verb="person.session_ended")
    assert (kept.kind, kept.content) == ("origin", "203.0.0.0/16\nFirefox, Linux")
