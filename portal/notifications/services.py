"""Telling people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from portal.notifications.models import Notification
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User


def notify(people: Iterable[User], *, kind: str, payload: Mapping[str, Any] | None = None, url: str = "") -> None:
    """Put one notification into the inbox of each of `people`, and queue its mail where they want it mailed.

    Runs in the caller's transaction: the mail job exists exactly if the fact does. `payload` is plain JSON with
    what the kind's sentence needs; `url` a path within the portal. Raises LookupError for an unannounced kind.
    """
    if kind not in announced.notification_kinds:
        raise LookupError(f"the notification kind {kind!r} is not announced in any wiring.py")
    Notification.objects.bulk_create(
        Notification(person=person, kind=kind, payload=dict(payload or {}), url=url) for person in people
    )
