"""Publishing to live topics."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from portal.live.models import Event, Topic


def publish(topic: str, *, kind: str, payload: Mapping[str, Any] | None = None) -> Event:
    """Number an event of `topic` and write it in the caller's transaction; the hint goes out after commit.

    `topic` is "<family>:<key>" or "<family>", the family announced in a wiring.py. `payload` is JSON that every
    subscriber of the topic may read. Never fails the write that caused it because a layer is down.
    """
    with transaction.atomic():
        row, _created = Topic.objects.select_for_update().get_or_create(name=topic)
        Topic.objects.filter(pk=row.pk).update(head=F("head") + 1)
        row.refresh_from_db(fields=["head"])
        event = Event.objects.create(topic=row, number=row.head, kind=kind, payload=dict(payload or {}))
    return event
