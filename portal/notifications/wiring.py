"""What notifications announce."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat
from portal.notifications.models import Notification, Preference, ReturnedMail, ScopeLevel
from portal.notifications.policies import can_hear_from, can_hear_inbox
from portal.notifications.selectors import WORDS, labels_of
from portal.notifications.services import mails_let_go
from portal.registry import (
    AuditVerb,
    Detail,
    Erasure,
    LiveTopic,
    LockdownFollower,
    NavigationEntry,
    NotificationKind,
    RetentionRule,
    Text,
    announced,
)
from portal.ui.digits import localise_digits
from portal.ui.formats import moment

if TYPE_CHECKING:
    from portal.accounts.models import User

announced.live_topics.add(LiveTopic(name="inbox", may_subscribe=can_hear_inbox))
announced.navigation.add(
    NavigationEntry(
        name="returned-mail",
        label=_("Returned mail"),
        icon="mail",
        url=lambda _reader: reverse("notifications:returned"),
        group="run",
        order=80,
        visible_to=is_secretariat,
    )
)
announced.notification_kinds.add(
    NotificationKind(
        name="mail.key_changed",
        label=_("Your key for encrypted mail is another one"),
        sentence=lambda _payload: _now(
            "The key that mails to you are encrypted to was changed or removed. If it was not you, somebody else is in "
            "your account."
        ),
        urgent=True,
        order=90,
    ),
    NotificationKind(
        name="mail.key_expires",
        label=_("Your key for encrypted mail ends soon"),
        sentence=lambda _payload: _now("Your OpenPGP key expires within two weeks. Give a renewed one in time."),
        order=91,
    ),
    NotificationKind(
        name="mail.key_unusable",
        label=_("Mails to you can no longer be encrypted"),
        sentence=lambda _payload: _now(
            "Your OpenPGP key has expired or was revoked. Until you give another one, mails say only that something "
            "awaits you."
        ),
        mailed=False,
        order=92,
    ),
    NotificationKind(
        name="mail.stopped",
        label=_("Mails were stopped by a link"),
        sentence=lambda _payload: _now("Mails to you were stopped by the link in one of them."),
        mailed=False,
        urgent=True,
        order=93,
    ),
)
announced.lockdown_followers.add(
    # Locking needs nothing: mails ask by themselves before they leave.
    LockdownFollower(name="notifications.mails", locked=lambda _person: None, unlocked=mails_let_go)
)
announced.audit_verbs.add(
    AuditVerb(
        name="mail_key.set",
        label=_("Key for encrypted mail given"),
        details=(Detail(name="first", label=_("The first one")),),
    ),
    AuditVerb(name="mail_key.removed", label=_("Key for encrypted mail removed")),
    AuditVerb(name="mail_key.revoked", label=_("Key for encrypted mail revoked")),
    AuditVerb(name="mail.returned_forgotten", label=_("Address taken off the list of returned mail")),
)


def _kind_in_words(row: Notification | Preference) -> Text:
    kind = announced.notification_kinds.get(row.kind)
    return kind.label if kind is not None else row.kind


def _place_in_words(row: Notification | ScopeLevel) -> Text:
    """What the place is called, for as long as its owner may hear there."""
    named = labels_of(row.person, [row.scope]) if row.scope and can_hear_from(row.person_id, row.scope) else {}
    return named.get(row.scope, "")


def _returned_of(person: "User") -> QuerySet[ReturnedMail]:
    # Also what came back before the address was known to be theirs: from an invitation.
    return ReturnedMail.objects.filter(Q(person_id=person.pk) | Q(email=person.email.lower()))


announced.retention_rules.add(
    RetentionRule(
        name="notifications.notification",
        model="notifications.Notification",
        fields=(
            "person",
            "kind",
            "payload",
            "url",
            "scope",
            "at",
            "read_at",
            "mailed_at",
            "refused_at",
            "refused_code",
            "awaits_digest",
            "digest",
        ),
        words={
            "kind": _kind_in_words,
            "scope": _place_in_words,
            "digest": lambda row: moment(row.digest.slot),
        },
        label=_("What you were told"),
        purpose=_("To tell you what concerns you, and to show what you have not read."),
        audience=_("Only you."),
        rule=_("A year."),
        days=365,
        erasure=Erasure.DELETE,
        order=40,
    ),
    RetentionRule(
        name="notifications.quoted",
        model="notifications.Notification",
        fields=("payload",),
        rows=lambda _person: Notification.objects.none(),
        label=_("Texts of others"),
        purpose=_("To tell others what you did that concerns them, with your name."),
        audience=_("Whoever was told."),
        rule=_("A year."),
        erasure=Erasure.SCRUB,
        readers_language="person__language",
        order=78,
    ),
    RetentionRule(
        name="notifications.preference",
        model="notifications.Preference",
        fields=("person", "kind", "mailed"),
        words={"kind": _kind_in_words},
        label=_("What you were told"),
        purpose=_("To mail you only what you want mailed."),
        audience=_("Only you."),
        rule=_("As long as your account."),
        erasure=Erasure.DELETE,
        order=41,
    ),
    RetentionRule(
        name="notifications.scope_level",
        model="notifications.ScopeLevel",
        fields=("person", "scope", "level"),
        words={"scope": _place_in_words, "level": lambda row: WORDS[row.level]},
        label=_("What you were told"),
        purpose=_("To tell you from each place, such as a group, as much as you want to hear."),
        audience=_("Only you."),
        rule=_("Until you leave the place, at most as long as your account."),
        erasure=Erasure.DELETE,
        order=41,
    ),
    RetentionRule(
        name="notifications.mail_settings",
        model="notifications.MailSettings",
        fields=(
            "person",
            "discreet",
            "pace",
            "digest_hour",
            "digest_weekday",
            "quiet_from",
            "quiet_until",
        ),
        words={
            "digest_hour": lambda row: localise_digits(f"{row.digest_hour:02}:00"),
            "digest_weekday": lambda row: WEEKDAYS[row.digest_weekday],
            "quiet_from": lambda row: localise_digits(f"{row.quiet_from:%H:%M}"),
            "quiet_until": lambda row: localise_digits(f"{row.quiet_until:%H:%M}"),
        },
        label=_("What you were told"),
        purpose=_("To write and send mails to you as you want them."),
        audience=_("Only you."),
        rule=_("As long as your account."),
        erasure=Erasure.DELETE,
        order=42,
    ),
    RetentionRule(
        name="notifications.digest",
        model="notifications.Digest",
        fields=("person", "slot", "done_at"),
        label=_("What you were told"),
        purpose=_("To mail you what you were told once a day or once a week, and each of these mails once."),
        audience=_("Only you."),
        rule=_("A month."),
        days=30,
        since="slot",
        erasure=Erasure.DELETE,
        order=42,
    ),
    RetentionRule(
        name="notifications.mail_key",
        model="notifications.MailKey",
        fields=(
            "person",
            "certificate",
            "fingerprint",
            "expires_at",
            "revoked",
            "added_at",
            "told_at",
            "warned_at",
        ),
        label=_("What you were told"),
        purpose=_("To encrypt mails to you with the public key that you gave."),
        audience=_("Only you."),
        rule=_("Until you remove it, at most as long as your account."),
        erasure=Erasure.DELETE,
        order=43,
    ),
    RetentionRule(
        name="notifications.returned_mail",
        model="notifications.ReturnedMail",
        fields=("email", "person", "code", "times", "first_at", "at"),
        rows=_returned_of,
        label=_("What you were told"),
        purpose=_("To notice that an address takes no mail, and to ask its owner for another one."),
        audience=_("You and the Secretariat."),
        rule=_("Three months after the last mail that came back, or until one is taken again."),
        days=90,
        since="at",
        erasure=Erasure.DELETE,
        order=44,
    ),
)
