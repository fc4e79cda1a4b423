"""What is announced of second factors, guessing and recovery."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat
from portal.accounts.models import AccountRecovery
from portal.accounts.notices import NOTICES, RECOVERY
from portal.accounts.services.factors import factors_rotate
from portal.registry import (
    AuditVerb,
    Card,
    Erasure,
    NavigationEntry,
    Need,
    NotificationKind,
    NotPersonal,
    RetentionRule,
    SealedStore,
    announced,
)

announced.audit_verbs.add(
    AuditVerb(name="person.sign_in_refused", label=_("Sign-in refused")),
    AuditVerb(name="person.sign_in_slowed", label=_("Too many sign-ins tried")),
    AuditVerb(name="person.code_refused", label=_("Code refused")),
    AuditVerb(name="person.code_slowed", label=_("Too many codes tried")),
    AuditVerb(name="recovery.started", label=_("Recovery of an account started")),
    AuditVerb(name="recovery.confirmed", label=_("Recovery of an account confirmed")),
    AuditVerb(name="recovery.cancelled", label=_("Recovery of an account cancelled")),
    AuditVerb(name="recovery.finished", label=_("Account recovered")),
)
announced.navigation.add(
    NavigationEntry(
        name="accounts.recoveries",
        label=_("Recovery of accounts"),
        icon="key",
        url=lambda _reader: reverse("accounts:recoveries"),
        group="run",
        order=42,
        visible_to=is_secretariat,
    )
)


def _needs(request: HttpRequest) -> list[Need]:
    """What waits for a second person of the Secretariat."""
    reader: Any = request.user
    if not is_secretariat(reader):
        return []
    waiting = AccountRecovery.objects.filter(
        confirmed_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=timezone.now()
    )
    others = waiting.exclude(started_by_id=reader.pk).exclude(person_id=reader.pk)
    found = others.order_by("expires_at").first()
    if found is None:
        return []
    return [
        Need(
            kind=_now("Recovery"),
            icon="key",
            title=_now("A recovery of an account waits for a second person"),
            sentence=_now("A colleague started it. Speak to whom it is for before you confirm."),
            action=_now("See recoveries"),
            url=reverse("accounts:recoveries"),
            deadline=found.expires_at,
        )
    ]


announced.cards.add(Card(name="accounts", order=15, needs=_needs))
announced.notification_kinds.add(
    NotificationKind(
        name="account.recovery",
        label=_("Somebody recovers your account"),
        sentence=lambda payload: RECOVERY[payload["step"]][0],
        mailed=False,  # it has a mail of its own, which cannot be declined
        urgent=True,
    ),
    NotificationKind(
        name="account.changed",
        label=_("Something about your account is changed"),
        sentence=lambda payload: NOTICES[payload["what"]][1],
        mailed=False,  # as above
        urgent=True,
    ),
)
announced.sealed_stores.add(SealedStore(name="Second factors", rotate=factors_rotate))
announced.retention_rules.add(
    RetentionRule(
        name="accounts.known_device",
        model="accounts.KnownDevice",
        fields=("person", "token_hash", "created_at", "last_used_at"),
        secret=("token_hash",),
        label=_("Browsers in which you signed in"),
        purpose=_("To let you sign in from a browser of yours while somebody guesses your password elsewhere."),
        audience=_("Nobody: only the portal asks for it, when you sign in."),
        rule=_("180 days after the last sign-in there."),
        since="last_used_at",
        days=180,
        erasure=Erasure.DELETE,
        order=25,
    ),
    RetentionRule(
        name="accounts.recovery",
        model="accounts.AccountRecovery",
        fields=(
            "person",
            "reason",
            "started_at",
            "expires_at",
            "confirmed_at",
            "opens_at",
            "cancelled_at",
            "finished_at",
            "link_hash",
            "cancel_hash",
        ),
        of=("person",),
        secret=("link_hash", "cancel_hash"),
        label=_("Recoveries of your account"),
        purpose=_("To let you back in when all second factors are lost, and to know afterwards who let whom in."),
        audience=_("The Secretariat and you."),
        rule=_("A year after it was started."),
        since="started_at",
        days=365,
        erasure=Erasure.DELETE,
        order=26,
    ),
    RetentionRule(
        name="accounts.recovery_by",
        model="accounts.AccountRecovery",
        fields=("started_by", "confirmed_by", "cancelled_by"),
        label=_("Recoveries of accounts"),
        purpose=_("To know who let whom back in."),
        audience=_("The Secretariat and the person recovered."),
        rule=_("As long as the recovery."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name, and belongs to the person recovered."),
        order=27,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="accounts.Guesses",
        fields=("*",),
        because="how full an allowance is; its key is a keyed hash that leads nowhere, and it is gone after a day",
    )
)
