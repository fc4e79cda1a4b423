"""What the Secretariat announces."""

from django.utils.translation import gettext_lazy as _

from portal.registry import AuditVerb, RetentionRule, announced

announced.audit_verbs.add(
    AuditVerb(name="network_role.granted", label=_("Role in the network given")),
    AuditVerb(name="network_role.revoked", label=_("Role in the network taken")),
)
announced.retention_rules.add(
    RetentionRule(
        name="access.network_role",
        model="access.NetworkUserObjectPermission",
        fields=("user",),
        rule=_("A role in the network is kept while it is held; that it was given and taken is in the record."),
    )
)
