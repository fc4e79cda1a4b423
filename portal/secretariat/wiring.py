"""What the Secretariat announces."""

from django.utils.translation import gettext_lazy as _

from portal.registry import AuditVerb, announced

announced.audit_verbs.add(
    AuditVerb(name="network_role.granted", label=_("Role in the network given")),
    AuditVerb(name="network_role.revoked", label=_("Role in the network taken")),
)
