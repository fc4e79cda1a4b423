"""What accounts announce."""

from django.utils.translation import gettext_lazy as _

from portal.accounts import receivers  # noqa: F401 - connects them, once all apps are ready
from portal.registry import AuditVerb, RetentionRule, announced

announced.audit_verbs.add(
    AuditVerb(name="person.signed_up", label=_("Account made")),
    AuditVerb(name="person.renamed", label=_("Name changed")),
    AuditVerb(name="person.password_changed", label=_("Password changed")),
    AuditVerb(name="person.address_changed", label=_("E-mail address changed")),
    AuditVerb(name="person.factor_added", label=_("Second factor added")),
    AuditVerb(name="person.factor_removed", label=_("Second factor removed")),
    AuditVerb(name="person.recovery_codes_made", label=_("Recovery codes made")),
    AuditVerb(name="person.session_ended", label=_("Device signed out")),
    AuditVerb(name="invitation.created", label=_("Invitation sent")),
    AuditVerb(name="invitation.sent_again", label=_("Invitation sent again")),
    AuditVerb(name="invitation.revoked", label=_("Invitation withdrawn")),
    AuditVerb(name="invitation.accepted", label=_("Invitation accepted")),
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
            "language",
            "time_zone",
            "appearance",
            "low_bandwidth",
            "western_digits",
            "presence_visible",
        ),
        rule=_(
            "An account is kept until its owner or the Secretariat erases it; its name stays in the record of acts."
        ),
    ),
    RetentionRule(
        name="accounts.invitation",
        model="accounts.Invitation",
        fields=("email", "name", "language", "invited_by", "accepted_by"),
        rule=_("An invitation is kept for a year after it was sent, to see who let whom in."),
        days=365,
    ),
)
