"""Keys that mails are encrypted to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from portal.audit.services import record
from portal.notifications.mails.keys import KeyRefused, read_key
from portal.notifications.models import MailKey
from portal.notifications.services.telling import notify

if TYPE_CHECKING:
    from portal.accounts.models import User

WARNED_BEFORE: Final = timedelta(days=14)
_PAGE: Final = "/notifications/key/"


def mail_key_set(actor: User, *, content: bytes) -> MailKey:
    """Encrypt mails to `actor` from now on to the one public key in `content`. Raises KeyRefused where it cannot be.

    What is refused is not kept, with one exception: a newer version of the present key that says that the key was
    revoked is believed, and the present key is used no more.
    """
    try:
        key = read_key(content)
    except KeyRefused as refused:
        if refused.revoked:
            _revoked(actor, refused.revoked)
        raise
    with transaction.atomic():
        values = {
            "certificate": key.certificate,
            "fingerprint": key.fingerprint,
            "expires_at": key.expires_at,
            "revoked": False,
            "added_at": timezone.now(),
            "told_at": None,
            "warned_at": None,
        }
        kept, created = MailKey.objects.update_or_create(person=actor, defaults=values)
        record(actor, verb="mail_key.set", target=actor, details={"first": created})
        notify([actor], kind="mail.key_changed", url=_PAGE)
    return kept


@transaction.atomic
def mail_key_remove(actor: User) -> None:
    """Encrypt mails to `actor` no more; without a key nothing changes."""
    removed, _rows = MailKey.objects.filter(person=actor).delete()
    if removed:
        record(actor, verb="mail_key.removed", target=actor)
        notify([actor], kind="mail.key_changed", url=_PAGE)


@transaction.atomic
def mail_key_tell(person_id: int) -> None:
    """Tell the owner of a key, once, that it can no longer be used and mails therefore say nothing."""
    key = MailKey.objects.select_for_update(of=("self",)).select_related("person").filter(person_id=person_id).first()
    if key is None or key.told_at is not None:
        return
    if not key.is_over:
        try:
            read_key(key.certificate.encode())
        except KeyRefused:
            pass
        else:
            return
    key.told_at = timezone.now()
    key.save(update_fields=["told_at"])
    notify([key.person], kind="mail.key_unusable", url=_PAGE)


def mail_key_expiry_tell() -> int:
    """Tell the owners of keys that end within two weeks, and of those that have ended. Returns how many were told."""
    now = timezone.now()
    soon = MailKey.objects.filter(revoked=False, warned_at__isnull=True, expires_at__gt=now)
    told = 0
    for person_id in list(soon.filter(expires_at__lte=now + WARNED_BEFORE).values_list("person_id", flat=True)):
        with transaction.atomic():
            key = MailKey.objects.select_for_update(of=("self",)).select_related("person").filter(person_id=person_id)
            found = key.filter(warned_at__isnull=True).first()
            if found is not None:
                found.warned_at = now
                found.save(update_fields=["warned_at"])
                notify([found.person], kind="mail.key_expires", url=_PAGE)
                told += 1
    over = MailKey.objects.filter(told_at__isnull=True, expires_at__lte=now)
    for person_id in list(over.values_list("person_id", flat=True)):
        mail_key_tell(person_id)
        told += 1
    return told


@transaction.atomic
def _revoked(actor: User, fingerprint: str) -> None:
    changed = MailKey.objects.filter(person=actor, fingerprint=fingerprint, revoked=False).update(revoked=True)
    if changed:
        record(actor, verb="mail_key.revoked", target=actor)
        mail_key_tell(actor.pk)
