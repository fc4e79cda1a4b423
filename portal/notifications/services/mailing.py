"""What is mailed to a person, and how much it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction

from portal.audit.services import record
from portal.notifications.models import MailSettings, Preference, ReturnedMail
from portal.notifications.selectors import ALL, mail_times_of
from portal.notifications.services.digests import digest_let_go
from portal.notifications.services.telling import notify
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def mail_preferences_update(actor: User, *, mailed: Mapping[str, bool]) -> None:
    """Choose for each kind in `mailed` whether it is mailed to `actor`, under ALL whether any is.

    Raises LookupError for kinds that are not announced.
    Only what differs from the kind's own default is kept, so that a better default reaches those who never chose.
    """
    for kind, wanted in mailed.items():
        if kind != ALL and kind not in announced.notification_kinds:
            raise LookupError(f"the notification kind {kind!r} is not announced in any wiring.py")
        default = True if kind == ALL else announced.notification_kinds[kind].mailed
        if wanted == default:
            Preference.objects.filter(person=actor, kind=kind).delete()
        else:
            Preference.objects.update_or_create(person=actor, kind=kind, defaults={"mailed": wanted})


@transaction.atomic
def discretion_choose(actor: User, *, discreet: bool) -> None:
    """Choose whether mails to `actor` say only that something awaits them. From now on no advice changes it."""
    MailSettings.objects.update_or_create(person=actor, defaults={"discreet": discreet})


@dataclass(frozen=True, kw_only=True)
class MailTimes:
    """When mails come, as a person chose it: hours in their own time zone, `weekday` 0 for Monday.

    `quiet` is from when to when mails that come at once wait, None for never.
    """

    pace: str = MailSettings.Pace.AT_ONCE
    hour: int = 8
    weekday: int = 0
    quiet: tuple[time, time] | None = None


@transaction.atomic
def mail_times_update(actor: User, *, times: MailTimes) -> None:
    """Choose whether mails to `actor` come at once or in digests, and when; what is so already is not written.

    What waits for a digest is mailed by itself where they come at once from now on. Nothing of it is recorded, as with
    other preferences. Raises ValueError for what is no pace, hour or weekday, and for quiet hours without an end.
    """
    begin, end = times.quiet or (None, None)
    if times.pace not in MailSettings.Pace or times.hour not in range(24) or times.weekday not in range(7):
        raise ValueError(f"{times} names no time")
    if begin is not None and begin == end:
        raise ValueError("quiet hours end at another time than they begin")
    values = {
        "pace": times.pace,
        "digest_hour": times.hour,
        "digest_weekday": times.weekday,
        "quiet_from": begin,
        "quiet_until": end,
    }
    chosen = mail_times_of(actor.pk)
    if any(getattr(chosen, name) != value for name, value in values.items()):
        MailSettings.objects.update_or_create(person=actor, defaults=values)
        digest_let_go(actor.pk)


@transaction.atomic
def mail_stop(person_id: int, *, kind: str) -> bool:
    """Stop mails of `kind`, or ALL, as the link in one of them asks. Doing it again changes nothing.

    Who has the link may be somebody else who reads the mailbox; so the person is told where only they look. Returns
    whether anything was changed; False also for accounts that are closed.
    """
    person = get_user_model().objects.select_for_update(no_key=True).filter(pk=person_id, is_active=True).first()
    if person is None or Preference.objects.filter(person=person, kind=kind, mailed=False).exists():
        return False
    if kind != ALL and kind not in announced.notification_kinds:
        return False
    mail_preferences_update(person, mailed={kind: False})
    notify([person], kind="mail.stopped", url="/notifications/preferences/")
    return True


@transaction.atomic
def returned_mail_forget(actor: User, *, returned: ReturnedMail) -> None:
    """Take an address off the list: it was put right with its owner. The next refusal brings it back."""
    record(actor, verb="mail.returned_forgotten", target=returned.person)
    returned.delete()
