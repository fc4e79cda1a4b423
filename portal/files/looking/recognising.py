"""Which type an upload is, or the sentence that says why it is not taken."""

from __future__ import annotations

import codecs
import re
from typing import IO, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.files.looking.archives import look_into
from portal.files.looking.types import (
    AGE,
    BY_OFFICE_PART,
    BY_OLD_OFFICE_STREAM,
    BY_OPEN_TYPE,
    KNOWN_ENDINGS,
    LOCKED_OFFICE,
    OTHER_ARCHIVES,
    OTHER_PICTURES,
    PDF,
    PICTURE,
    PROGRAMS,
    RTF,
    RUNNING_ENDINGS,
    SOUND_AND_FILM,
    TEXT,
    ZIP,
    FileType,
)

_HEAD: Final = 4_096
_PIECE: Final = 65_536
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final = rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP"
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NOT_IN_TEXT: Final = re.compile("[\\x00-\\x08\\x0e-\\x1a\\x1c-\\x1f]")
_OBJECTS: Final = re.compile(rb"\\(?:objdata|objupdate|objautlink)", re.IGNORECASE)


def recognised(file: IO[bytes], name: str) -> FileType:
    """The type of what `file` holds, which fits the ending of `name`. Raises ValidationError with a sentence.

    Pictures are recognised by their beginning only: whether they can be shown is found out by rebuilding them.
    """
    found = _by_content(file)
    file.seek(0)
    ending = ending_of(name)
    if ending in RUNNING_ENDINGS:
        raise _program()
    if ending and ending not in found.endings and found is not PICTURE:
        raise ValidationError(
            _("The name ends in .%(ending)s, but what the file holds is %(label)s. Give it the name of what it is, or "
              "choose another file.") % {"ending": ending, "label": found.label},
            code="ending",
        )  # fmt: skip
    return found


def ending_of(name: str) -> str:
    """The ending of a name in lower case, without the dot; "" where it has none that says what a file is."""
    stem, _dot, ending = name.rpartition(".")
    return ending.lower() if stem and ending.lower() in KNOWN_ENDINGS else ""


def _by_content(file: IO[bytes]) -> FileType:
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise ValidationError(_("This file is empty."), code="empty")
    _refuse_by_name(head)
    if re.match(_PICTURES, head, re.DOTALL):
        return PICTURE
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(file)
    if head.startswith(_OLD_OFFICE):
        return _old_office(file)
    if head.startswith(b"{\\rtf"):
        return _rich_text(file)
    if head.startswith((b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")):
        return AGE
    for beginning, kind in SOUND_AND_FILM:
        if re.match(beginning, head, re.DOTALL):
            return kind
    return _text(file, head)


def _refuse_by_name(head: bytes) -> None:
    if re.match(PROGRAMS, head, re.DOTALL):
        raise _program()
    if re.match(OTHER_PICTURES, head, re.DOTALL):
        raise ValidationError(
            _("Pictures are taken as JPEG, PNG, WebP or GIF: of these everything but the pixels can be removed. Save "
              "it as one of them and choose that file."),
            code="picture",
        )  # fmt: skip
    if re.match(OTHER_ARCHIVES, head, re.DOTALL):
        raise ValidationError(
            _("Of archives only zip is taken, for only these can be looked into. Pack it as zip and choose that file."),
            code="archive",
        )


def _program() -> ValidationError:
    return ValidationError(
        _("Programs and scripts, and whatever else a computer runs when it is opened, are not taken."), code="program"
    )


def _page() -> ValidationError:
    return ValidationError(
        _("Web pages, SVG drawings and other files of this kind can carry scripts and are not taken. Save it as PDF "
          "and choose that file."),
        code="page",
    )  # fmt: skip


def _unknown() -> ValidationError:
    return ValidationError(
        _("This kind of file is not taken. Taken are PDF, documents, spreadsheets and presentations, pictures, plain "
          "text, sound and film recordings, and zip archives of these."),
        code="unknown",
    )  # fmt: skip


def _packed(file: IO[bytes]) -> FileType:
    found = look_into(file)
    if not found.names:
        raise ValidationError(_("This archive is empty."), code="empty")
    if found.says in BY_OPEN_TYPE:
        return BY_OPEN_TYPE[found.says]
    if "[Content_Types].xml" in found.names:
        for part, kind in BY_OFFICE_PART.items():
            if part in found.names:
                return kind
        raise _unknown()
    if "META-INF/MANIFEST.MF" in found.names and not found.says:
        raise _program()  # a Java program, whatever it is called
    return ZIP


def _old_office(file: IO[bytes]) -> FileType:
    """Compound files name their streams in UTF-16 (MS-CFB 2.6.1), in sectors that may lie anywhere."""
    wanted = {name: name.encode("utf-16-le") + b"\0\0" for name in (*BY_OLD_OFFICE_STREAM, "EncryptedPackage")}
    macros = "_VBA_PROJECT".encode("utf-16-le")
    seen: set[str] = set()
    file.seek(0)
    before = b""
    while piece := file.read(_PIECE):
        window = before + piece
        if macros in window:
            raise ValidationError(
                _("This document carries macros, which are programs. Save it without them and choose that file."),
                code="macros",
            )
        seen.update(name for name, encoded in wanted.items() if encoded in window)
        before = window[-64:]
    if "EncryptedPackage" in seen:
        return LOCKED_OFFICE
    for name, kind in BY_OLD_OFFICE_STREAM.items():
        if name in seen:
            return kind
    raise _unknown()


def _rich_text(file: IO[bytes]) -> FileType:
    file.seek(0)
    before = b""
    while piece := file.read(_PIECE):
        if _OBJECTS.search(before + piece):
            raise ValidationError(
                _("This text document (RTF) carries another file inside, which cannot be looked into. Save it as PDF "
                  "or ODT and choose that file."),
                code="foreign",
            )  # fmt: skip
        before = piece[-16:]
    return RTF


def _text(file: IO[bytes], head: bytes) -> FileType:
    """Plain text, in UTF-8, UTF-16 with its mark, or an older encoding without control characters."""
    encoding = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "utf-8")
    beginning = head.decode(encoding, "ignore").lstrip("\ufeff").lstrip()
    if beginning.startswith("<"):
        raise _page()
    if not (_reads_as(file, encoding) or (encoding == "utf-8" and _reads_as(file, "latin-1"))):
        raise _unknown()
    return TEXT


def _reads_as(file: IO[bytes], encoding: str) -> bool:
    reader = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(_PIECE):
            if _NOT_IN_TEXT.search(reader.decode(piece)):
                return False
        reader.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
