"""What the Secretariat announces."""

from django.utils.translation import gettext_lazy as _

from portal.access import roles
from portal.audit import telling
from portal.registry import AuditVerb, Detail, Erasure, NotPersonal, RetentionRule, announced

ROLE = Detail(
    name="role",
    label=_("Role"),
    told=telling.words({roles.SECRETARIAT: _("Secretariat"), roles.GUEST: _("Guest")}),
)
announced.audit_verbs.add(
    AuditVerb(name="network_role.granted", label=_("Role in the network given"), details=[ROLE]),
    AuditVerb(name="network_role.revoked", label=_("Role in the network taken"), details=[ROLE]),
)
announced.retention_rules.add(
    RetentionRule(
        name="access.network_role",
        model="access.NetworkUserObjectPermission",
        fields=("user", "permission", "content_object"),
        label=_("Your account"),
        purpose=_("To know what you may do in the network."),
        audience=_("You and the Secretariat."),
        rule=_("As long as you hold the role; that it was given and taken is in the record."),
        erasure=Erasure.DELETE,
        order=11,
    ),
)
announced.not_personal.add(
    NotPersonal(model="access.Network", fields=("*",), because="the network itself"),
    NotPersonal(model="access.NetworkGroupObjectPermission", fields=("*",), because="roles of groups, not of people"),
)
