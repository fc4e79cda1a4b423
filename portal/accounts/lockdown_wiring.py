"""What accounts announce about lock-downs; `wiring` takes it in."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat
from portal.accounts.lockdown import is_locked
from portal.accounts.models import Lockdown
from portal.audit import telling
from portal.registry import (
    AuditVerb,
    Detail,
    Erasure,
    MailGate,
    NavigationEntry,
    NotificationKind,
    RetentionRule,
    announced,
)

KEPT: Final = timedelta(days=365)


def no_longer_needed(now: datetime) -> QuerySet[Lockdown]:
    """Lock-downs that were undone a year ago: the record has what remains."""
    return Lockdown.objects.filter(undone_at__lt=now - KEPT)


announced.navigation.add(
    NavigationEntry(
        name="accounts.lockdowns",
        label=_("Locked accounts"),
        icon="lock",
        url=lambda _reader: reverse("accounts:lockdowns"),
        group="run",
        order=45,
        visible_to=is_secretariat,
    )
)
announced.audit_verbs.add(
    AuditVerb(name="person.lockdown_code_made", label=_("Lock-down code made")),
    AuditVerb(
        name="person.locked",
        label=_("Account locked"),
        details=[Detail(name="way", label=_("How"), told=telling.choices(Lockdown.Way))],
    ),
    AuditVerb(name="person.unlock_proposed", label=_("Unlocking proposed")),
    AuditVerb(name="person.unlock_withdrawn", label=_("Proposal to unlock withdrawn")),
    AuditVerb(
        name="person.unlocked",
        label=_("Account unlocked"),
        details=[Detail(name="proposed_by", label=_("Proposed by"), told=telling.people)],
    ),
)
# Nobody is named, in no inbox and no mail: whoever holds a keeper's device learns that something happened, not to whom.
announced.notification_kinds.add(
    NotificationKind(
        name="lockdown.begun",
        label=_("An account in your care is locked"),
        sentence=lambda payload: _now("An account in your care was locked. Open this to see whose."),
        urgent=True,
    ),
    NotificationKind(
        name="lockdown.proposed",
        label=_("Unlocking an account waits for a second person"),
        sentence=lambda payload: _now("Somebody proposed to unlock an account. It takes a second person."),
        urgent=True,
    ),
    NotificationKind(
        name="lockdown.undone",
        label=_("An account in your care is open again"),
        sentence=lambda payload: _now("An account in your care was unlocked by two people. Open this to see whose."),
        urgent=True,
    ),
)
announced.mail_gates.add(MailGate(name="accounts.lockdown", may_mail=lambda person_id: not is_locked(person_id)))
announced.retention_rules.add(
    RetentionRule(
        name="accounts.user_locked",
        model="accounts.User",
        fields=("locked_at",),
        of=("pk",),
        label=_("Your account"),
        purpose=_("To keep everybody out of an account that somebody seized."),
        audience=_("The administrators of your organisations and the Secretariat."),
        rule=_("Until the account is unlocked."),
        erasure=Erasure.KEEP,
        because=_("It says nothing about who it was."),
        order=11,
    ),
    RetentionRule(
        name="accounts.lockdown_code",
        model="accounts.LockdownCode",
        fields=("person", "code_hash", "address_hash", "created_at"),
        secret=("code_hash", "address_hash"),
        label=_("Lock-down code"),
        purpose=_("To let you lock your account if your devices are taken."),
        audience=_("Nobody; only hashes are kept."),
        rule=_("Until you make another one, or the account is locked with it."),
        erasure=Erasure.DELETE,
        order=30,
    ),
    RetentionRule(
        name="accounts.lockdown",
        model="accounts.Lockdown",
        fields=("person", "way", "why", "at", "was_active", "proposed_at", "proposed_why", "undone_at", "undone_why"),
        of=("person",),
        due=no_longer_needed,
        label=_("Lock-downs of your account"),
        purpose=_("To unlock an account only when two people have made sure that it is right."),
        audience=_("The administrators of your organisations and the Secretariat."),
        rule=_("A year after the account was unlocked."),
        days=365,
        erasure=Erasure.DELETE,
        order=31,
    ),
    RetentionRule(
        name="accounts.lockdown_acts",
        model="accounts.Lockdown",
        fields=("locked_by", "proposed_by", "undone_by"),
        label=_("Lock-downs you had a part in"),
        purpose=_("To see who locked and who unlocked an account."),
        audience=_("The administrators of the same organisations and the Secretariat."),
        rule=_("As long as the lock-down."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name, and belongs to the person whose account it was."),
        order=32,
    ),
)
