"""Places that notifications come from, for tests: clubs, and rooms in them. Who may hear stands in a set."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from portal.registry import Level, NotificationKind, NotificationScope, announced

FACT, MENTION, URGENT = "test.fact", "test.mention", "test.urgent"


class Places:
    """`members` are pairs of a person's id and the key of a club; a room is "<club>.<number>"."""

    def __init__(self) -> None:
        self.members: set[tuple[int, str]] = set()

    def join(self, *people, club="k1"):
        self.members |= {(person.pk, club) for person in people}

    def leave(self, person, club="k1"):
        self.members.discard((person.pk, club))

    def may_hear(self, person_id, key):
        return (person_id, key.partition(".")[0]) in self.members

    def among(self, pairs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # one question, as of a real table of members
        return {pair for pair in pairs if self.may_hear(*pair)}

    def labels(self, _person, keys):
        return {key: f"Club {key}" for key in keys}


@contextmanager
def announced_places() -> Iterator[Places]:
    """Clubs, of which everything is told, and rooms, of which only mentions are; and a kind of each sort."""
    places = Places()
    many = {"may_hear": places.may_hear, "among": places.among, "labels": places.labels}
    club = NotificationScope(name="testclub", label=lambda _person, key: f"Club {key}", **many)
    room = NotificationScope(
        name="testroom",
        label=lambda _person, key: f"Room {key}",
        parent=lambda key: f"testclub:{key.partition('.')[0]}" if "." in key else None,
        default=Level.MENTIONS,
        **many,
    )
    sentence = lambda payload: f"{payload.get('who', 'Anna')} wrote to you"  # noqa: E731
    kinds = (
        NotificationKind(name=FACT, label="Facts", sentence=sentence),
        NotificationKind(name=MENTION, label="Mentions", sentence=sentence, mention=True),
        NotificationKind(name=URGENT, label="Alarms", sentence=sentence, urgent=True),
    )
    announced.notification_scopes.add(club, room)
    announced.notification_kinds.add(*kinds)
    try:
        yield places
    finally:
        for scope in (club, room):
            announced.notification_scopes._items.pop(scope.name)
        for kind in kinds:
            announced.notification_kinds._items.pop(kind.name)
