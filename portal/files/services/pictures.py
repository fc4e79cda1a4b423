"""Taking in pictures: looked at from outside, decoded, and rebuilt pixel by pixel.

What a picture carries beside its pixels (where and by whom it was taken, comments, colour profiles, thumbnails, other
files hidden inside) can endanger people or run in a browser. Saving a picture anew keeps much of that; copying the
pixels into a new picture keeps none of it.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from portal.files.models import StoredFile
from portal.files.services.storing import store
from portal.ui.formats import number, size

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_BYTES: Final = 5_000_000
MOST_PIXELS: Final = 24_000_000
LONGEST_SIDE: Final = 6_000
MOST_PIXELS_OF_WEBP: Final = 8_000_000
"""Its decoder holds the picture four times over (measured: 16 bytes a pixel); 24 million would take 460 MB."""

MOST_VALUES_OF_SCANS: Final = 60_000_000
"""Of a progressive JPEG, pixels times inks: all are held until the last scan (measured: 2 bytes each)."""

MOST_SCANS: Final = 100
"""Of a progressive JPEG. Cameras and programs write ten; each costs a pass over the whole picture."""

# Whatever opens a picture in this process meets the same limit, as an error and not as a warning.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_BEGINNINGS: Final = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP", re.DOTALL)
# Nothing a picture program writes, but what makes a picture a page, a script, a document or the test virus.
_FOREIGN: Final = re.compile(
    rb"<script|<svg[\s>]|<html|<!doctype|<!entity|<iframe|<\?php|<body[\s>]|javascript:|%PDF-\d"
    rb"|EICAR-STANDARD-ANTIVIRUS-TEST-FILE",
    re.IGNORECASE,
)
# What Pillow raises for files that are not what they say, beside its own errors.
_UNREADABLE: Final = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError,
    ZeroDivisionError, AttributeError, MemoryError, RuntimeError, NotImplementedError, UserWarning,
)  # fmt: skip
_STRIP_ROWS: Final = 16
_SMALL_SIDE: Final = 1_024
_ORIENTATION: Final = 0x0112  # EXIF 2.32, 4.6.4: how the camera was held
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def picture_store(
    actor: User | None,
    *,
    kind: str,
    upload: UploadedFile[bytes],
    largest_side: int = 512,
    most_bytes: int = MOST_BYTES,
    name: str = "",
    photographs: bool = False,
) -> StoredFile:
    """Check a picture and store it rebuilt pixel by pixel, so that nothing but the pixels is kept.

    JPEG, PNG, WebP and the first frame of GIF are taken, by what they are and not by how they are called. It is scaled
    down until no side is longer than `largest_side` pixels, and kept as PNG or lossless WebP, whichever is smaller,
    in sRGB values as they stand (a colour profile is dropped, not applied). Nothing of the upload's name is kept,
    unless a `name` without ending is given. `photographs`: what came as JPEG or WebP and covers all it shows is kept as
    JPEG, for a photograph without loss takes ten times the room.

    Raises django.core.exceptions.ValidationError with a translated sentence for anything that is not a picture of
    an accepted type, is too large in bytes or pixels, or cannot be read to the end.
    """
    given = _content(upload, most_bytes)
    picture = rebuilt(given, largest_side=largest_side)
    if photographs and not given.startswith((b"\x89", b"GIF")) and picture.getchannel("A").getextrema() == (255, 255):
        content, media_type, ending = _photograph(picture)
    else:
        content, media_type, ending = _smallest(picture)
    return store(
        actor,
        kind=kind,
        content=content,
        name=f"{name or kind}.{ending}",
        media_type=media_type,
        width=picture.width,
        height=picture.height,
    )


def rebuilt(content: bytes, *, largest_side: int) -> Image.Image:
    """The pixels of the picture in `content`, upright, in a new picture of mode RGBA. Raises ValidationError."""
    if not _BEGINNINGS.match(content):
        raise ValidationError(_("This file is not a picture in JPEG, PNG, WebP or GIF format."), code="format")
    if _FOREIGN.search(content) or zipfile.is_zipfile(io.BytesIO(content)):
        raise ValidationError(
            _("This picture carries something else, such as a script, a document or an archive. Save it anew in a "
              "picture program and choose that file."),
            code="foreign",
        )  # fmt: skip
    try:
        return _decoded(content, largest_side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except _UNREADABLE as error:
        raise ValidationError(
            _("This picture cannot be read to its end. It may be damaged; save it anew and choose that file."),
            code="unreadable",
        ) from error


def _content(upload: UploadedFile[bytes], most: int) -> bytes:
    # Read, not asked: the size that a client states is its own affair.
    upload.seek(0)
    content: bytes = upload.read(most + 1)
    if not content:
        raise ValidationError(_("This file is empty."), code="empty")
    if len(content) > most:
        raise ValidationError(
            _("This file is larger than %(limit)s. Choose a smaller picture.") % {"limit": size(most)},
            code="too_large",
        )
    return content


def _too_large(most: int = MOST_PIXELS) -> ValidationError:
    return ValidationError(
        _("This picture has too many pixels: at most %(side)s on a side and %(pixels)s million in all are taken.")
        % {"side": number(LONGEST_SIDE), "pixels": number(most // 1_000_000)},
        code="too_many_pixels",
    )


def _decoded(content: bytes, largest_side: int) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        width, height = picture.size
        most = _most_pixels(picture)
        if max(width, height) > LONGEST_SIDE or width * height > most:
            raise _too_large(most)
        if picture.format == "JPEG":
            if content.count(b"\xff\xda") > MOST_SCANS:
                raise ValueError("a JPEG of too many scans")
            # Decodes at half, quarter or eighth size where that is still large enough: less memory, same result.
            ample, longest = _ample(largest_side), max(width, height)
            picture.draft("RGB", (-(-width * ample // longest), -(-height * ample // longest)))
        turn = _turn(picture)
        picture.load()
        pixels = _smaller(picture, largest_side)
        picture.close()  # the large one goes before copies of the small one are made
    pixels.thumbnail((largest_side, largest_side), Image.Resampling.LANCZOS)
    return _fresh(pixels.transpose(turn) if turn is not None else pixels)


def _most_pixels(picture: Image.Image) -> int:
    """How many the picture may have, by what its decoder takes for each."""
    if picture.format == "WEBP":
        return MOST_PIXELS_OF_WEBP
    if picture.format == "JPEG" and "progressive" in picture.info:
        return min(MOST_PIXELS, MOST_VALUES_OF_SCANS // len(picture.getbands()))
    return MOST_PIXELS


def _turn(picture: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except _UNREADABLE:
        return None  # broken notes about a picture say nothing against its pixels


def _smaller(picture: Image.Image, largest_side: int) -> Image.Image:
    """The picture in colour, of twice the wanted size or less; in strips, for a copy of it all takes 100 MB."""
    factor = max(1, max(picture.size) // _ample(largest_side))
    if factor == 1:
        if picture.mode in {"RGB", "RGBA", "L"}:
            picture.thumbnail((largest_side, largest_side), Image.Resampling.LANCZOS)  # before it is copied, not after
        return _in_colour(picture)
    small = Image.new("RGBA", (-(-picture.width // factor), -(-picture.height // factor)))
    rows = factor * _STRIP_ROWS
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        small.paste(_in_colour(strip).reduce(factor), (0, top // factor))
    return small


def _ample(largest_side: int) -> int:
    """How large a picture may be before it is scaled down for good: sharper for logos, cheaper for large pictures."""
    return 2 * largest_side if largest_side <= _SMALL_SIDE else largest_side


def _in_colour(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        # 16 bits of grey: Pillow would cut the upper half off instead of scaling.
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGBA")
    return picture.convert("RGBA")


def _fresh(pixels: Image.Image) -> Image.Image:
    """A new picture of the same pixels; where nothing shows, no colour stays behind the transparency."""
    copy = Image.frombytes("RGBA", pixels.size, pixels.tobytes())
    shows = copy.getchannel("A").point(lambda value: 255 if value else 0)
    return Image.composite(copy, Image.new("RGBA", copy.size), shows)


def _photograph(picture: Image.Image) -> tuple[bytes, str, str]:
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=85, optimize=True, progressive=True)
    return file.getvalue(), "image/jpeg", "jpg"


def _smallest(picture: Image.Image) -> tuple[bytes, str, str]:
    png, webp = io.BytesIO(), io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    picture.save(webp, "WEBP", lossless=True, quality=80, method=4)
    if len(webp.getvalue()) < len(png.getvalue()):
        return webp.getvalue(), "image/webp", "webp"
    return png.getvalue(), "image/png", "png"
