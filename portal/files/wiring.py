"""What the files app announces."""

from django.utils.translation import gettext_lazy as _

from portal.files.services import files_of_person_remove
from portal.registry import Erasure, NotPersonal, RetentionRule, announced

announced.retention_rules.add(
    RetentionRule(
        name="files.stored",
        model="files.StoredFile",
        fields=("created_by", "created_at", "name", "kind", "size"),
        label=_("Files"),
        purpose=_("To show what you uploaded, and to know who did."),
        audience=_("Whoever may see what the file hangs on."),
        rule=_("As long as what shows the file; pictures keep nothing of the name they were uploaded with."),
        erasure=Erasure.KEEP,
        because=_(
            "A file that is yours alone goes; one that belongs to an organisation stays, of a row without a name."
        ),
        erase=files_of_person_remove,
        order=60,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="files.StoredFile",
        fields=("token", "content", "media_type", "sha256", "width", "height"),
        because="where the bytes are and what they are; whose they are is declared with created_by",
    )
)
