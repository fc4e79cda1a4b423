"""Pictures made for tests, harmless and harmful."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(
    width: int = 40, height: int = 30, *, form: str = "PNG", mode: str = "RGB", colour: Any = "teal", **saved: Any
) -> bytes:
    """A picture of one colour in the given format; `saved` goes to Pillow's save."""
    file = io.BytesIO()
    Image.new(mode, (width, height), colour).save(file, form, **saved)
    return file.getvalue()


def upload(content: bytes, name: str = "logo.png", content_type: str = "image/png") -> SimpleUploadedFile:
    """`content` as a browser sends it; name and type are what a stranger claims."""
    return SimpleUploadedFile(name, content, content_type)
