"""What keeping announces."""

from django.utils.translation import gettext_lazy as _

from portal.backup.services.make import MADE
from portal.registry import AuditVerb, announced

announced.audit_verbs.add(AuditVerb(name=MADE, label=_("Backup made")))
