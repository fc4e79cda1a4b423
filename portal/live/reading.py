"""What the hub asks the database: synchronous, called in threads, never for a single message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from portal.live.fragments import Look, Told, contents
from portal.live.limits import REPLAY_AT_MOST
from portal.live.models import Event, Topic
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User


def may_read(person: User, topic: str) -> bool:
    """Whether `person` may listen to `topic`; one that is not announced is answered like one that is not allowed."""
    family, _colon, key = topic.partition(":")
    announced_topic = announced.live_topics.get(family)
    return announced_topic is not None and person.is_active and announced_topic.may_subscribe(person, key)


def audience_of(person: User, topic: str) -> str | None:
    """The audience in which `person` reads `topic`, None where they may not."""
    if not may_read(person, topic):
        return None
    family, _colon, key = topic.partition(":")
    return announced.live_topics[family].audience(person, key)


class Replay(NamedTuple):
    """What a reader of one topic missed, as frames. `afresh`: too much, the page is to be fetched again."""

    head: int
    frames: list[dict[str, Any]]
    afresh: bool = False


@dataclass(frozen=True)
class Standing:
    """What holds of a person and of their open sockets now."""

    rights_number: int  # of the latest change that is taken into account
    visible: bool = False  # whether they let others see them online
    name: str = ""
    sessions: frozenset[str] = frozenset()  # those that live
    asked: frozenset[str] = frozenset()
    audiences: Mapping[str, str] = field(default_factory=dict)  # of the topics among `asked` that they may read


def standing(person_id: int, session_keys: Collection[str], topics: Collection[str]) -> Standing:
    """The standing of a person, asked afresh."""
    rights = f"rights:{person_id}"
    number = heads_of([rights]).get(rights, 0)  # first: what changes from here on has a higher one
    person = get_user_model().objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return Standing(number)
    found = {topic: audience_of(person, topic) for topic in topics}
    return Standing(
        rights_number=number,
        visible=person.presence_visible,
        name=str(person),
        sessions=frozenset(living_sessions(session_keys)),
        asked=frozenset(topics),
        audiences={topic: audience for topic, audience in found.items() if audience is not None},
    )


def admitted(person_id: int, topic: str, since: int | None, language: str) -> tuple[str | None, Replay]:
    """The audience in which a person, read afresh, may read `topic`, and what they missed; None where they may not."""
    person = get_user_model().objects.filter(pk=person_id, is_active=True).first()
    audience = None if person is None else audience_of(person, topic)
    if audience is None:
        return None, Replay(0, [])
    return audience, replayed(topic, since, Look(language, audience))


def missed(topic: str, since: int) -> tuple[int, list[Event]] | None:
    """The head number of `topic` and its events after `since`; None where they cannot be replayed.

    That is: too many, too old, or `since` is a number that was not given yet (the database is an older copy).
    """
    return missed_each({topic: since})[topic]


def missed_each(asked: Mapping[str, int]) -> dict[str, tuple[int, list[Event]] | None]:
    """`missed` of several topics, in two queries."""
    rows = {row.name: row for row in Topic.objects.filter(name__in=asked)}
    heads = {topic: rows[topic].head if topic in rows else 0 for topic in asked}
    wanted = {topic: since for topic, since in asked.items() if 0 < heads[topic] - since <= REPLAY_AT_MOST}
    events: dict[str, list[Event]] = {topic: [] for topic in asked}
    if wanted:
        conditions = Q()
        for topic, since in wanted.items():
            conditions |= Q(topic=rows[topic], number__gt=since, number__lte=heads[topic])
        names = {row.pk: row.name for row in rows.values()}
        for event in Event.objects.filter(conditions).order_by("topic_id", "number"):
            events[names[event.topic_id]].append(event)
    whole = {topic: len(events[topic]) == heads[topic] - since for topic, since in asked.items()}
    return {topic: (heads[topic], events[topic]) if whole[topic] else None for topic in asked}


def replayed(topic: str, since: int | None, look: Look) -> Replay:
    """What came after `since`; nothing where that is None."""
    if since is None:
        return Replay(heads_of([topic]).get(topic, 0), [])
    found = missed(topic, since)
    if found is None:
        return Replay(heads_of([topic]).get(topic, 0), [], afresh=True)
    head, events = found
    return Replay(head, contents(topic, told_of(events), look))


def told_of(events: Iterable[Event]) -> list[Told]:
    """Rows as they were published."""
    return [Told(event.kind, event.payload, event.number) for event in events]


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
