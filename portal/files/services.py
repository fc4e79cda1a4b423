"""Taking in uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile

from portal.files.models import StoredFile

if TYPE_CHECKING:
    from portal.accounts.models import User


def picture_store(actor: User | None, *, kind: str, upload: UploadedFile, largest_side: int = 512) -> StoredFile:
    """Check a picture and store it rebuilt pixel by pixel, so that nothing but the pixels is kept.

    Raises django.core.exceptions.ValidationError with a translated sentence for anything that is not a picture of
    an accepted type, is too large in bytes or pixels, or cannot be read to the end.
    """
    raise NotImplementedError
