"""What accounts announce."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from portal.accounts import (  # noqa: F401 - second factors, guessing, recovery
    factor_receivers,
    factor_wiring,
    lockdown_wiring,
    receivers,
)
from portal.accounts.selectors import invitations_to
from portal.audit import telling
from portal.registry import AuditVerb, Detail, Erasure, RecordedThing, RetentionRule, Text, announced

announced.recorded_things.add(RecordedThing(name="accounts.invitation", label=_("Invitation")))


def _purpose_label(name: str) -> Text:
    purpose = announced.invitation_purposes.get(name)
    return purpose.label if purpose is not None else name


PURPOSE = Detail(name="purpose", label=_("Purpose"), told=telling.each(_purpose_label))
FACTOR = Detail(
    name="type",
    label=_("Kind"),
    told=telling.words(
        {
            Authenticator.Type.TOTP: _("Authenticator app"),
            Authenticator.Type.WEBAUTHN: _("Passkey"),
            Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
        }
    ),
)
announced.audit_verbs.add(
    AuditVerb(name="person.signed_up", label=_("Account made")),
    AuditVerb(name="person.renamed", label=_("Name changed")),
    AuditVerb(name="person.password_changed", label=_("Password changed")),
    AuditVerb(name="person.address_changed", label=_("E-mail address changed")),
    AuditVerb(name="person.factor_added", label=_("Second factor added"), details=[FACTOR]),
    AuditVerb(name="person.factor_removed", label=_("Second factor removed"), details=[FACTOR]),
    AuditVerb(name="person.recovery_codes_made", label=_("Recovery codes made")),
    AuditVerb(
        name="person.session_ended",
        label=_("Device signed out"),
        details=[Detail(name="count", label=_("Devices"))],
    ),
    AuditVerb(name="invitation.created", label=_("Invitation sent"), details=[PURPOSE]),
    AuditVerb(name="invitation.sent_again", label=_("Invitation sent again")),
    AuditVerb(name="invitation.revoked", label=_("Invitation withdrawn")),
    AuditVerb(name="invitation.accepted", label=_("Invitation accepted"), details=[PURPOSE]),
)
announced.retention_rules.add(
    RetentionRule(
        name="accounts.user",
        model="accounts.User",
        fields=(
            "email",
            "name",
            "password",
            "last_login",
            "is_active",
            "is_superuser",
            "created_at",
            "erased_at",
            "language",
            "time_zone",
            "appearance",
            "low_bandwidth",
            "western_digits",
            "presence_visible",
        ),
        of=("pk",),
        secret=("password",),
        label=_("Your account"),
        purpose=_("To know who signs in, who speaks, and how you like to read the pages."),
        audience=_(
            "Your name: the network. Your address: as you choose in your profile. What your clock shows (not where you "
            "live): those in your groups. The rest: only you."
        ),
        rule=_("As long as your account."),
        erasure=Erasure.KEEP,
        because=_("A row without name, address and way in stays, so that what was said and decided keeps its thread."),
        order=10,
    ),
    RetentionRule(
        name="accounts.invitation",
        model="accounts.Invitation",
        fields=(
            "email",
            "name",
            "language",
            "purpose",
            "token_hash",
            "created_at",
            "expires_at",
            "accepted_at",
            "accepted_by",
            "revoked_at",
        ),
        rows=invitations_to,
        secret=("token_hash",),
        label=_("Invitations"),
        purpose=_("To let you in by a link that works for your address only."),
        audience=_("Whoever invited you, their colleagues who invite, and the Secretariat."),
        rule=_("A year after it was sent, to see who let whom in."),
        days=365,
        erasure=Erasure.DELETE,
        order=20,
    ),
    RetentionRule(
        name="accounts.invitation_sent",
        model="accounts.Invitation",
        fields=("invited_by",),
        label=_("Invitations"),
        purpose=_("To see who let whom in."),
        audience=_("Whoever was invited, your colleagues who invite, and the Secretariat."),
        rule=_("As long as the invitation."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name, and belongs to the person invited."),
        order=21,
    ),
)
