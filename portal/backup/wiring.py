"""What keeping announces."""

from django.utils.translation import gettext_lazy as _

from portal.audit import telling
from portal.backup.services.make import MADE
from portal.registry import AuditVerb, Detail, announced
from portal.ui.formats import size

announced.audit_verbs.add(
    AuditVerb(
        name=MADE,
        label=_("Backup made"),
        details=(
            Detail(name="bytes", label=_("Size"), told=telling.each(size)),
            Detail(name="files", label=_("Files")),
            Detail(name="missing", label=_("Missing files")),
        ),
    )
)
