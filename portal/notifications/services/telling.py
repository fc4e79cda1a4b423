"""Telling people, and what they do with what they were told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from procrastinate.types import JSONDict

from portal.live.services import publish, publish_each
from portal.notifications.models import Digest, Notification
from portal.notifications.policies import reached_from
from portal.notifications.selectors import is_held, paces_of, wanting_mail
from portal.notifications.tasks import digest_send, mail_send
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def notify(
    people: Iterable[User], *, kind: str, payload: Mapping[str, Any] | None = None, url: str = "", scope: str = ""
) -> None:
    """Put one notification into the inbox of each of `people`, and queue its mail where they want it mailed.

    Runs in the caller's transaction: the mail job, or the mark that it waits for a digest, exists exactly if the fact
    does. Each person is told once however
    often given; closed accounts are not. `payload` is plain JSON with what the kind's sentence needs, and nothing
    that the receiver may not know; `url` a path within the portal. `scope` is the place that it comes from,
    "<family>:<key>": who may not hear there is not told, nor who chose a level there that this kind does not reach.

    The number of queries is the same for one and for a thousand people, but for those whose account is locked, and for
    families that answer for one person at a time (see NotificationScope). Raises LookupError for an unannounced kind or
    family, ValueError for an address elsewhere.
    """
    known = announced.notification_kinds.get(kind)
    if known is None:
        raise LookupError(f"the notification kind {kind!r} is not announced in any wiring.py")
    if url and not is_path(url):
        raise ValueError(f"{url!r} is not a path within the portal")
    # Locked accounts are told too, and find it when they are open again.
    open_to_it = {person.pk: person for person in people if person.is_active or is_held(person.pk)}
    reached = reached_from(scope, open_to_it, kind=known) if scope else open_to_it.keys()
    # By pk, so that two transactions that tell the same people wait for each other instead of locking each other out.
    receivers = [open_to_it[pk] for pk in sorted(reached)]
    if not receivers:
        return
    wanting = wanting_mail([person.pk for person in receivers], kind=known)
    digested = set() if known.urgent else wanting & paces_of(wanting).keys()
    told = Notification.objects.bulk_create(
        Notification(
            person=person,
            kind=kind,
            payload=dict(payload or {}),
            url=url,
            scope=scope,
            awaits_digest=person.pk in digested,
        )
        for person in receivers
    )
    jobs: list[JSONDict] = [
        {"notification_id": notification.pk} for notification in told if notification.person_id in wanting - digested
    ]
    if jobs:
        mail_send.batch_defer(*jobs)
    events = {f"inbox:{notification.person_id}": {"id": notification.pk} for notification in told}
    publish_each(events, kind="notification.created")


def is_path(url: str) -> bool:
    """Whether `url` leads to this site whatever a browser makes of it: one slash at its beginning, no backslash."""
    return url.startswith("/") and not url.startswith("//") and "\\" not in url and url.isprintable()


@transaction.atomic
def notification_read(actor: User, *, notification: Notification) -> Notification:
    """Mark one of `actor`'s notifications as read; the second time changes nothing. The view found it as theirs."""
    unread = Notification.objects.filter(pk=notification.pk, person_id=actor.pk, read_at__isnull=True)
    now = timezone.now()
    if unread.update(read_at=now):
        publish(f"inbox:{actor.pk}", kind="notification.read", payload={"id": notification.pk})
        notification.read_at = now
    return notification


@transaction.atomic
def notifications_read_from(actor: User, *, scope: str, kinds: Collection[str]) -> int:
    """Mark what `actor` was told from one place, of these kinds, as read. Returns how many were not."""
    told = Notification.objects.filter(person_id=actor.pk, scope=scope, kind__in=kinds, read_at__isnull=True)
    count = told.update(read_at=timezone.now())
    if count:
        publish(f"inbox:{actor.pk}", kind="notification.read", payload={"scope": scope})
    return count


@transaction.atomic
def notifications_read_all(actor: User) -> int:
    """Mark all of `actor`'s notifications as read. Returns how many were not."""
    count = Notification.objects.filter(person_id=actor.pk, read_at__isnull=True).update(read_at=timezone.now())
    if count:
        publish(f"inbox:{actor.pk}", kind="notification.read", payload={"all": True})
    return count


MAILED_LATE: Final = timedelta(days=3)


@transaction.atomic
def mails_let_go(person: User) -> None:
    """Mail now what `person` was told while their mails were held back, but for what is older than three days.

    For whoever held them: a queued mail asks by itself, but only every few hours. What was mailed is not mailed again,
    and what waits for a digest goes on waiting.
    """
    since = timezone.now() - MAILED_LATE
    for digest_id in Digest.objects.filter(person_id=person.pk, done_at__isnull=True, slot__gte=since).values_list(
        "pk"
    ):
        digest_send.defer(digest_id=digest_id[0])
    waiting = Notification.objects.filter(person_id=person.pk, mailed_at__isnull=True, refused_at__isnull=True)
    late = waiting.filter(read_at__isnull=True, at__gte=since, awaits_digest=False, digest__isnull=True)
    wanted = {kind.name for kind in announced.notification_kinds if wanting_mail([person.pk], kind=kind)}
    jobs: list[JSONDict] = [{"notification_id": pk} for pk, kind in late.values_list("pk", "kind") if kind in wanted]
    if jobs:
        mail_send.batch_defer(*jobs)
