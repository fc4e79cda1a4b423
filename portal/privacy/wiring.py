"""What privacy announces: its own rules, and those of the tables of libraries that the house uses."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import checks
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.audit import telling
from portal.privacy.checks import everything_is_declared
from portal.privacy.selectors.labels import rows_in_words
from portal.privacy.services.erasure import jobs_forget
from portal.privacy.services.leaving import LEFT_ALONE
from portal.registry import (
    AuditVerb,
    Detail,
    Erasure,
    NavigationEntry,
    NotificationKind,
    NotPersonal,
    RetentionRule,
    announced,
)

checks.register(everything_is_declared)
ROWS = Detail(name="rows", label=_("Rows"), told=telling.whole(rows_in_words))
announced.audit_verbs.add(
    AuditVerb(name="person.erasure_asked", label=_("Asked to be erased")),
    AuditVerb(name="person.erasure_withdrawn", label=_("Wish to be erased taken back")),
    AuditVerb(name="person.erased", label=_("Person erased"), details=[ROWS]),
    AuditVerb(
        name="privacy.exported",
        label=_("Own data taken along"),
        details=[Detail(name="kinds", label=_("Kinds of data"))],
    ),
    AuditVerb(name="privacy.retention_run", label=_("Data whose time was over removed"), details=[ROWS]),
)
announced.navigation.add(
    NavigationEntry(
        name="privacy.erasures",
        label=_("Erasures"),
        icon="trash",
        url=lambda _reader: reverse("privacy:erasures"),
        group="run",
        order=50,
        visible_to=is_secretariat,
    )
)
announced.notification_kinds.add(
    NotificationKind(
        name=LEFT_ALONE,
        label=_("Someone leaves with something unsettled"),
        sentence=lambda _payload: _now("Someone who leaves the portal left something to the Secretariat to settle."),
    )
)


def _sessions_of(person: User) -> QuerySet[Session]:
    return Session.objects.filter(session_key__in=UserSession.objects.filter(user_id=person.pk).values("session_key"))


def _jobs_of(person: User) -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(Q(args__person_id=person.pk) | Q(args__email=person.email))


ONLY_YOU = _("Only you.")
NOBODY = _("Nobody reads this; the portal's programs use it.")

announced.retention_rules.add(
    RetentionRule(
        name="account.address",
        model="account.EmailAddress",
        fields=("user", "email", "verified", "primary"),
        label=_("How you sign in"),
        purpose=_("To know which addresses are yours, so that nobody else signs in with them or gets your mail."),
        audience=ONLY_YOU,
        rule=_("As long as your account, or until you replace the address."),
        erasure=Erasure.DELETE,
        order=12,
    ),
    RetentionRule(
        name="account.confirmation",
        model="account.EmailConfirmation",
        fields=("email_address", "created", "sent", "key"),
        of=("email_address__user",),
        secret=("key",),
        label=_("How you sign in"),
        purpose=_("To let you prove that an address is yours."),
        audience=NOBODY,
        rule=_("A month at most."),
        days=30,
        since="created",
        erasure=Erasure.DELETE,
        order=13,
    ),
    RetentionRule(
        name="mfa.authenticator",
        model="mfa.Authenticator",
        fields=("user", "type", "data", "created_at", "last_used_at"),
        secret=("data",),
        label=_("How you sign in"),
        purpose=_("To check your second factor: passkey, authenticator app or recovery codes."),
        audience=_("Only you. Its secret is kept encrypted and shown to nobody."),
        rule=_("Until you remove the factor."),
        erasure=Erasure.DELETE,
        order=14,
    ),
    RetentionRule(
        name="usersessions.session",
        model="usersessions.UserSession",
        fields=("user", "created_at", "ip", "last_seen_at", "session_key", "user_agent", "data"),
        secret=("session_key",),
        label=_("Where you are signed in"),
        purpose=_("To show you the devices that are signed in, so that you can sign one out."),
        audience=ONLY_YOU,
        rule=_("Until the device is signed out or its session has run out."),
        carried_out_by="accounts.sessions_tidy",
        erasure=Erasure.DELETE,
        order=16,
    ),
    RetentionRule(
        name="sessions.session",
        model="sessions.Session",
        fields=("session_key", "session_data", "expire_date"),
        rows=_sessions_of,
        secret=("session_key", "session_data"),
        label=_("Where you are signed in"),
        purpose=_("To know with each click that it is you."),
        audience=NOBODY,
        rule=_("Until the device is signed out or its session has run out."),
        carried_out_by="accounts.sessions_tidy",
        erasure=Erasure.DELETE,
        order=17,
    ),
    RetentionRule(
        name="procrastinate.job",
        model="procrastinate.ProcrastinateJob",
        fields=("args", "task_name", "scheduled_at", "status"),
        rows=_jobs_of,
        label=_("Work that waits"),
        purpose=_("To send you mail and to do other work in the background."),
        audience=NOBODY,
        rule=_("A day after the work is done, a month where it failed."),
        carried_out_by="tasks.tidy_jobs",
        erasure=Erasure.DELETE,
        erase=jobs_forget,
        secret=("args",),
        order=80,
    ),
    RetentionRule(
        name="guardian.grant",
        model="guardian.UserObjectPermission",
        fields=("user", "permission", "content_type", "object_pk"),
        label=_("Your account"),
        purpose=_("To know what you may do."),
        audience=_("You and the Secretariat."),
        rule=_("As long as you hold the right."),
        erasure=Erasure.DELETE,
        order=11,
    ),
    RetentionRule(
        name="accounts.user_groups",
        model="accounts.User_groups",
        fields=("user", "group"),
        label=_("Your account"),
        purpose=_("To know what you may do."),
        audience=_("You and the Secretariat."),
        rule=_("As long as you hold the right."),
        erasure=Erasure.DELETE,
        order=11,
    ),
    RetentionRule(
        name="accounts.user_permissions",
        model="accounts.User_user_permissions",
        fields=("user", "permission"),
        label=_("Your account"),
        purpose=_("To know what you may do."),
        audience=_("You and the Secretariat."),
        rule=_("As long as you hold the right."),
        erasure=Erasure.DELETE,
        order=11,
    ),
    RetentionRule(
        name="privacy.request",
        model="privacy.ErasureRequest",
        fields=("person", "asked_by", "asked_at", "due_at", "token_hash", "withdrawn_at", "carried_out_at"),
        secret=("token_hash",),
        label=_("Leaving"),
        purpose=_("To erase you when you asked for it, and to let you return before that."),
        audience=_("You and the Secretariat."),
        rule=_("Two years after you asked, as the proof that it was done."),
        days=730,
        since="asked_at",
        erasure=Erasure.KEEP,
        because=_("It says when somebody was erased, and no longer who."),
        order=90,
    ),
)

THE_SAME_FOR_ALL = "what the installation is made of, the same whoever uses it"
announced.not_personal.add(
    NotPersonal(model="auth.Permission", fields=("*",), because=THE_SAME_FOR_ALL),
    NotPersonal(model="auth.Group", fields=("*",), because=THE_SAME_FOR_ALL),
    NotPersonal(model="auth.Group_permissions", fields=("*",), because=THE_SAME_FOR_ALL),
    NotPersonal(model="contenttypes.ContentType", fields=("*",), because=THE_SAME_FOR_ALL),
    NotPersonal(model="guardian.GroupObjectPermission", fields=("*",), because="rights of groups, not of people"),
    NotPersonal(
        model="procrastinate.ProcrastinateJob",
        fields=(
            "queue_name",
            "priority",
            "lock",
            "attempts",
            "queueing_lock",
            "abort_requested",
            "worker",
        ),
        because="how the queue works; what a job is about is in its arguments",
    ),
    NotPersonal(model="procrastinate.ProcrastinateWorker", fields=("*",), because="processes of the installation"),
    NotPersonal(model="procrastinate.ProcrastinateEvent", fields=("*",), because="how far a job is"),
    NotPersonal(model="procrastinate.ProcrastinatePeriodicDefer", fields=("*",), because="the clock's own jobs"),
)
