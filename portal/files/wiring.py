"""What the files app announces."""

from django.utils.translation import gettext_lazy as _

from portal.files.services import files_of_person_remove
from portal.registry import Erasure, NotPersonal, RetentionRule, announced

announced.retention_rules.add(
    RetentionRule(
        name="files.stored",
        model="files.StoredFile",
        fields=("created_by", "created_at", "kind", "size"),
        label=_("Files"),
        purpose=_("To show what you uploaded, and to know who did."),
        audience=_("Whoever may see what the file hangs on."),
        rule=_("As long as what shows the file."),
        erasure=Erasure.KEEP,
        because=_(
            "A file that is yours alone goes; one that belongs to an organisation stays, of a row without a name."
        ),
        erase=files_of_person_remove,
        order=60,
    ),
)
announced.retention_rules.add(
    RetentionRule(
        name="files.name",
        model="files.StoredFile",
        fields=("name",),
        of=("created_by",),
        label=_("Texts of others"),
        purpose=_("To say what a download is called. It may name people."),
        audience=_("Whoever may see what the file hangs on."),
        rule=_("As long as what shows the file; logos keep nothing of the name they were uploaded with."),
        erasure=Erasure.SCRUB,
        order=79,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="files.StoredFile",
        fields=("token", "content", "media_type", "sha256", "width", "height"),
        because="where the bytes are and what they are; whose they are is declared with created_by",
    )
)
