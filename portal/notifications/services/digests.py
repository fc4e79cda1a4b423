"""Digests: what waits for one is gathered when the reader's hour comes, in one mail for each hour and person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.types import JSONDict

from portal.notifications.mails.hours import APART
from portal.notifications.models import Digest, MailSettings, Notification
from portal.notifications.selectors import digests_due
from portal.notifications.tasks import digest_send, mail_send


def digests_make(now: datetime) -> int:
    """Make the digests whose hour came by `now` and queue their mails. Returns how many.

    Each is a transaction of its own: a worker that dies in the middle has made some, and the next one makes the others.
    """
    made = 0
    for due in digests_due(now):
        if due.slot is None:
            digest_let_go(due.person_id)
        else:
            made += digest_make(due.person_id, slot=due.slot) is not None
    return made


@transaction.atomic
def digest_make(person_id: int, *, slot: datetime) -> Digest | None:
    """Gather what a person was told before `slot`, and queue its mail: record, marks and job in one transaction.

    None where there is nothing (any more), where they have a digest of about that time already, or where their mails
    come at once by now. What was read meanwhile is left out.
    """
    # The row is what whoever changes these choices, or makes the same digest, waits for.
    times = MailSettings.objects.select_for_update(no_key=True).filter(person_id=person_id).first()
    if times is None or times.pace == MailSettings.Pace.AT_ONCE:
        return None
    if Digest.objects.filter(person_id=person_id, slot__gt=slot - APART).exists():
        return None
    waiting = list(_waiting(person_id).filter(at__lte=slot))
    unread = [one.pk for one in waiting if one.read_at is None]
    Notification.objects.filter(pk__in=[one.pk for one in waiting]).update(awaits_digest=False)
    if not unread:
        return None
    digest = Digest.objects.create(person_id=person_id, slot=slot)
    Notification.objects.filter(pk__in=unread).update(digest=digest)
    digest_send.defer(digest_id=digest.pk)
    return digest


@transaction.atomic
def digest_await(notification: Notification) -> None:
    """Leave a notification, whose mail was to go at once, to the next digest: its reader chose that meanwhile."""
    left = Notification.objects.filter(pk=notification.pk, mailed_at__isnull=True, digest__isnull=True)
    left.update(awaits_digest=True)


@transaction.atomic
def digest_let_go(person_id: int) -> int:
    """Mail by itself what waited for a digest of a person whose mails come at once by now. Returns how many.

    Does nothing for who has digests (again).
    """
    times = MailSettings.objects.select_for_update(no_key=True).filter(person_id=person_id).first()
    if times is not None and times.pace != MailSettings.Pace.AT_ONCE:
        return 0
    waiting = [one.pk for one in _waiting(person_id)]
    Notification.objects.filter(pk__in=waiting).update(awaits_digest=False)
    jobs: list[JSONDict] = [{"notification_id": pk} for pk in waiting]
    if jobs:
        mail_send.batch_defer(*jobs)
    return len(jobs)


@transaction.atomic
def digest_close(digest: Digest, *, holding: Sequence[Notification] = (), refused: str = "") -> None:
    """Note that a digest was sent with the notifications `holding`, or how the server `refused` it for good."""
    now = timezone.now()
    held = Notification.objects.filter(pk__in=[one.pk for one in holding])
    if refused:
        held.update(refused_at=now, refused_code=refused)
    else:
        held.update(mailed_at=now)
    Digest.objects.filter(pk=digest.pk).update(done_at=now)


def _waiting(person_id: int) -> QuerySet[Notification]:
    """What of a person's waits for a digest, under lock: of two who take the same, the second finds it taken."""
    waiting = Notification.objects.filter(person_id=person_id, awaits_digest=True)
    return waiting.select_for_update(no_key=True, of=("self",)).order_by("pk")
