"""What is announced of second factors, guessing and recovery."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.services.factors import factors_rotate
from portal.registry import AuditVerb, Erasure, NotPersonal, RetentionRule, SealedStore, announced

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
