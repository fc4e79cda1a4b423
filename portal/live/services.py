"""Publishing to live topics."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from portal.live.models import Event, Topic
from portal.live.sending import send

# One statement. It takes the lock of the topic's row: numbers of one topic are given one after another, without gaps.
_PUBLISH: Final = """
WITH topic AS (
    INSERT INTO live_topic (name, head) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET head = live_topic.head + 1 RETURNING id, head
)
INSERT INTO live_event (topic_id, number, kind, payload, at) SELECT id, head, %s, %s, %s FROM topic
RETURNING id, topic_id, number
"""


def publish(topic: str, *, kind: str, payload: Mapping[str, Any] | None = None) -> Event:
    """Number an event of `topic` and write it in the caller's transaction; the hint goes out after commit.

    `topic` is "<family>:<key>" or "<family>", the family announced in a wiring.py. `payload` is JSON that every
    subscriber of the topic may read. Never fails the write that caused it because a layer is down.
    """
    data, at = dict(payload or {}), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, [topic, kind, json.dumps(data), at])
        pk, topic_pk, number = cursor.fetchone()
    message = {"type": "live.event", "topic": topic, "number": number, "kind": kind, "data": data}
    transaction.on_commit(partial(send, message), robust=True)
    return Event(pk=pk, topic_id=topic_pk, number=number, kind=kind, payload=data, at=at)


def publish_each(payloads: Mapping[str, Mapping[str, Any]], *, kind: str) -> None:
    """Publish one event of the same kind to each of many topics, `payloads` by topic; see `publish`.

    Costs the same queries however many there are. The topics' rows are locked by name, so that two who publish to the
    same ones wait for each other.
    """
    names = sorted(payloads)
    with transaction.atomic():
        Topic.objects.bulk_create([Topic(name=name) for name in names], ignore_conflicts=True)
        rows = list(Topic.objects.select_for_update(no_key=True).filter(name__in=names).order_by("name"))
        Topic.objects.filter(pk__in=[row.pk for row in rows]).update(head=F("head") + 1)
        Event.objects.bulk_create(
            Event(topic=row, number=row.head + 1, kind=kind, payload=dict(payloads[row.name])) for row in rows
        )
        for row in rows:
            data = dict(payloads[row.name])
            message = {"type": "live.event", "topic": row.name, "number": row.head + 1, "kind": kind, "data": data}
            transaction.on_commit(partial(send, message), robust=True)


def announce(topic: str, *, kind: str, data: Mapping[str, Any]) -> None:
    """Tell whoever has `topic` open now; nobody else ever hears of it, for it has neither a number nor a row.

    For what the next announcement makes stale, such as counts: of the same `kind` each reader gets at most four a
    second, the latest. `data` is JSON that every subscriber of the topic may read. Leaves after the commit, and never
    fails the write.
    """
    message = {"type": "live.event", "topic": topic, "kind": kind, "data": dict(data)}
    transaction.on_commit(partial(send, message), robust=True)
