"""What the files app announces."""

from django.utils.translation import gettext_lazy as _

from portal.registry import RetentionRule, announced

announced.retention_rules.add(
    RetentionRule(
        name="files.stored",
        model="files.StoredFile",
        fields=("created_by", "name"),
        rule=_("Kept as long as what shows the file; pictures keep nothing of the name they were uploaded with."),
    )
)
