"""What the hub asks the database: synchronous, called in threads, never for a single message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from portal.live.models import Event, Topic
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User

REPLAY_AT_MOST = 500


@dataclass(frozen=True)
class Right:
    """A person's listening to a topic."""

    person_id: int
    topic: str


def may_read(person: User, topic: str) -> bool:
    """Whether `person` may listen to `topic`; one that is not announced is answered like one that is not allowed."""
    family, _colon, key = topic.partition(":")
    announced_topic = announced.live_topics.get(family)
    return announced_topic is not None and person.is_active and announced_topic.may_subscribe(person, key)


def rights_left(rights: Iterable[Right]) -> set[Right]:
    """Those of `rights` that hold now, asked afresh."""
    rights = list(rights)
    people = get_user_model().objects.in_bulk({right.person_id for right in rights})
    return {right for right in rights if right.person_id in people and may_read(people[right.person_id], right.topic)}


def missed(topic: str, since: int) -> tuple[int, list[Event]] | None:
    """The head number of `topic` and its events after `since`; None where too many or too old to be replayed."""
    row = Topic.objects.filter(name=topic).first()
    if row is None or since >= row.head:
        return (row.head if row else 0), []
    if row.head - since > REPLAY_AT_MOST:
        return None
    events = list(Event.objects.filter(topic=row, number__gt=since, number__lte=row.head).order_by("number"))
    return (row.head, events) if len(events) == row.head - since else None


def heads_of(topics: Sequence[str]) -> dict[str, int]:
    """The head number of each of `topics` that has events."""
    return dict(Topic.objects.filter(name__in=topics).values_list("name", "head"))


def living_sessions(keys: Iterable[str]) -> set[str]:
    """Those of the session keys that still exist and have not expired."""
    now = timezone.now()
    return set(Session.objects.filter(pk__in=set(keys), expire_date__gt=now).values_list("pk", flat=True))


def session_lives(key: str) -> bool:
    """Whether the session lives; inside a transaction it then goes on living until its end.

    The weakest lock that holds off the row's deletion: commands of one session do not wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM django_session WHERE session_key = %s AND expire_date > %s FOR KEY SHARE",
            [key, timezone.now()],
        )
        return cursor.fetchone() is not None
