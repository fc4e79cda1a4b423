"""A room of 100,000 messages: what opening it, scrolling back and searching in it cost.

    python -m benchmarks.big_room 100000

fills a group in the configured database (of `make run` with TRIAL=1, never one that is used), asks for each page some
times within this process, and prints queries and milliseconds as JSON. Filling again adds nothing.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from statistics import median
from typing import Any, Final

import django

NAME: Final = "A room of a hundred thousand messages"
TOPICS: Final = 200
WRITERS: Final = 60
BATCH: Final = 2_000
TIMES: Final = 15
WORDS: Final = (
    "visa", "form", "phone", "number", "deadline", "court", "hearing", "bail", "lawyer", "editor", "radio", "station",
    "licence", "transmitter", "vest", "helmet", "insurance", "border", "press", "card", "archive", "source",
    "encryption", "server", "training", "budget", "report", "draft", "translation",
)  # fmt: skip


def fill(count: int) -> str:
    """Make the group, its people and so many messages, indexed. Returns the path of its room."""
    from django.utils import timezone

    from memberships.organisations.models import Organisation, Region
    from memberships.people.models import Affiliation, Profile
    from portal.accounts.models import User
    from workspaces.chat.models import Message, Room, Topic
    from workspaces.groups.models import OrganisationParticipation, Participation, Workspace

    group = Workspace.objects.filter(name_en=NAME).first()
    if group is not None:
        return f"/groups/{group.slug}/chat/"
    now = timezone.now()
    group = Workspace.objects.create(
        slug="benchmark-room", name_en=NAME, purpose_en="To be measured.", languages=["en"], state="active",
        activated_at=now, review_on=now.date() + timedelta(days=300),
    )  # fmt: skip
    place = Organisation.objects.create(name="Bench", slug="bench-room", region=Region.AFRICA, name_sort="bench")
    OrganisationParticipation.objects.create(workspace=group, organisation=place)
    people = []
    for number in range(WRITERS):
        one = User.objects.create_user(f"bench-room-{number}@example.org", f"Writer {number}", None)
        Profile.objects.create(person=one, name_sort=f"writer {number:03}")
        Affiliation.objects.create(person=one, organisation=place, title="Writer")
        long_ago = now - timedelta(days=400)
        Participation.objects.create(workspace=group, person=one, organisation=place, number=number + 1, since=long_ago)
        people.append(one)
    room = Room.objects.create(workspace=group, key=group.key, topic_head=TOPICS, message_head=count)
    topics = Topic.objects.bulk_create(
        Topic(room=room, number=number + 1, title=f"Topic {number}", language="en", opened_by=people[0])
        for number in range(TOPICS)
    )
    messages = _messages(count, room, topics, people, place, now)
    while batch := list(islice(messages, BATCH)):
        _index(Message.objects.bulk_create(batch))
    for topic in topics:
        last = topic.messages.order_by("-number").first()
        Topic.objects.filter(pk=topic.pk).update(last_at=last.at if last else now)
    return f"/groups/{group.slug}/chat/"


def _messages(count: int, room: Any, topics: Any, people: Any, place: Any, now: Any) -> Iterator[Any]:
    from workspaces.chat.models import Message

    dice = random.Random(20261128)
    for number in range(1, count + 1):
        yield Message(
            room=room,
            # Half of all is said in one topic: it is what is opened.
            topic=topics[0] if number % 2 else dice.choice(topics),
            number=number,
            author=dice.choice(people),
            acting_for=place,
            body=" ".join(dice.choices(WORDS, k=dice.randrange(3, 40))),
            language="en",
            at=now - timedelta(minutes=count - number),
        )


def _index(messages: Any) -> None:
    from portal.registry import SearchDocument
    from portal.search.lexemes import vector_of
    from portal.search.models import Document

    Document.objects.bulk_create(
        Document(
            source="message",
            object_id=one.pk,
            vector=vector_of(SearchDocument(object_id=one.pk, names=(), body=one.body)),
        )
        for one in messages
    )


def measure(path: str) -> dict[str, dict[str, float]]:
    """Queries and milliseconds (the middle of some) of each page, within this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(email="bench-room-7@example.org"))
    pages = {
        "open": f"{path}1/",
        "scroll back": f"{path}1/?before=50000",
        "jump": f"{path}1/?unread=20001",
        "search a common word": f"{path}search/?q=visa",
        "search three words": f"{path}search/?q=visa+helmet+archive",
        "search everywhere": "/search/?q=transmitter",
    }
    found = {}
    for name, page in pages.items():
        client.get(page, HTTP_HOST="localhost")
        took, queries = [], 0
        for _ in range(TIMES):
            start = time.perf_counter()
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(page, HTTP_HOST="localhost")
            took.append((time.perf_counter() - start) * 1000)
            queries = len(asked)
            assert answer.status_code == 200, (name, answer.status_code)
        slowest = max(asked.captured_queries, key=lambda one: float(one["time"]))
        found[name] = {
            "queries": queries,
            "queries of the room": len([one for one in asked if '"chat_' in one["sql"]]),
            "milliseconds": round(median(took), 1),
            "slowest query": round(float(slowest["time"]) * 1000, 1),
        }
    return found


def crowd(path: str, count: int) -> dict[str, float]:
    """What it costs that `count` people of the group are here: to say so, to read it, to show it, to open the room."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from memberships.people.models import Affiliation
    from portal.accounts.models import User
    from portal.live import presence
    from portal.registry import announced
    from workspaces.groups.models import Participation, Workspace

    group = Workspace.objects.get(name_en=NAME)
    place = group.organisations.get().organisation
    people = User.objects.filter(email__startswith="bench-crowd-")
    if not people.exists():
        made = User.objects.bulk_create(
            User(email=f"bench-crowd-{number}@example.org", name=f"Guest {number}", presence_visible=True)
            for number in range(count)
        )
        Affiliation.objects.bulk_create(Affiliation(person=one, organisation=place, title="Guest") for one in made)
        Participation.objects.bulk_create(
            Participation(workspace=group, person=one, organisation=place, number=1_000 + number)
            for number, one in enumerate(made)
        )
    ids = list(people.values_list("pk", flat=True))
    client = Client()
    client.force_login(User.objects.get(email="bench-room-7@example.org"))
    found: dict[str, float] = {"people": len(ids)}
    present = announced.live_topics["chat"].present
    assert present is not None
    html = present(group.key, ids, "en", "participant")
    client.get(f"{path}1/", HTTP_HOST="localhost")
    for name, act in (
        ("say so", lambda: presence.mark(ids)),
        ("read it", lambda: presence.present(ids)),
        ("show it", lambda: present(group.key, ids, "en", "participant")),
        ("open the room", lambda: client.get(f"{path}1/", HTTP_HOST="localhost")),
    ):
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            act()
        found[f"{name}, milliseconds"] = round((time.perf_counter() - start) * 1000, 1)
        found[f"{name}, queries"] = len(asked)
    return found | {"bytes of what is shown": len(html.encode())}


if __name__ == "__main__":
    django.setup()
    room = fill(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    print(json.dumps({"pages": measure(room), "crowd": crowd(room, 1_000)}, indent=2))
