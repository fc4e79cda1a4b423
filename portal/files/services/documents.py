"""Taking in files of many kinds: what they are is found out, what could run is refused, pictures are rebuilt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from portal.files.disposition import safe_name
from portal.files.looking.recognising import ending_of, recognised
from portal.files.looking.scanning import scan
from portal.files.looking.types import PICTURE
from portal.files.models import StoredFile
from portal.files.services.pictures import picture_store
from portal.files.services.storing import store
from portal.ui.formats import size

if TYPE_CHECKING:
    from portal.accounts.models import User

PICTURE_BYTES: Final = 20_000_000
PICTURE_SIDE: Final = 2_560


def document_store(actor: User | None, *, kind: str, upload: UploadedFile[bytes], most_bytes: int) -> StoredFile:
    """Check an upload of any type that is taken and keep it; call it inside the transaction of what uses the file.

    What it is is found out from what it holds; the ending of its name has to fit. Pictures are rebuilt pixel by pixel,
    at most 2,560 pixels on a side, and get the ending of what they have become; everything else is kept as it is, with
    whatever it says about who wrote it. Its name is made safe and kept.

    Raises ValidationError with a sentence for what is empty, larger than `most_bytes`, of a type that is not taken or
    that a computer would run, an archive that unpacks to too much, what the virus scanner refuses or cannot look at,
    and where the storage takes nothing.
    """
    check_size(upload, most_bytes)
    name = safe_name(upload.name or "")
    found = recognised(upload, name)
    scan(upload)
    if found is PICTURE:
        ending = ending_of(name)
        stem = name[: -len(ending) - 1] if ending else name
        return picture_store(
            actor,
            kind=kind,
            upload=upload,
            largest_side=PICTURE_SIDE,
            most_bytes=PICTURE_BYTES,
            name=stem,
            photographs=True,
        )
    if not ending_of(name):
        name = safe_name(f"{name}.{found.endings[0]}")
    return store(actor, kind=kind, content=upload, name=name, media_type=found.media_type)


def check_size(upload: UploadedFile[bytes], most_bytes: int) -> None:
    """Raise ValidationError by how many bytes it really has; what a client states is its own affair."""
    length = upload.seek(0, 2)
    upload.seek(0)
    if not length:
        raise ValidationError(_("This file is empty."), code="empty")
    if length > most_bytes:
        raise ValidationError(
            _("This file is larger than %(limit)s. Choose a smaller one.") % {"limit": size(most_bytes)},
            code="too_large",
        )
