"""Looking into zip archives, and the documents that are such, without unpacking anything to the disk.

What an archive says about itself may be a lie, so every member is read, in pieces that are counted and dropped: how
much comes out, how much more that is than what is in it, how many members, how deep they lie in each other.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.files.looking.types import PROGRAMS, RUNNING_ENDINGS

MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 500_000_000
"""Bytes, of all members together and of those inside them."""
MOST_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 20_000_000
"""Smaller members may be as empty as they like: a blank sheet packs very well."""
MOST_NESTED: Final = 30_000_000
"""Bytes of an archive inside an archive, which is looked into in memory."""
DEEPEST: Final = 3
MOST_DIRECTORY: Final = MOST_MEMBERS * 600
"""Bytes of the table of contents, which the library reads whole."""

_PIECE: Final = 65_536
_END: Final = struct.Struct("<4s4H2LH")
"""The end of the central directory (APPNOTE 6.3.10, 4.3.16)."""
_PROGRAM: Final = re.compile(PROGRAMS, re.DOTALL)
_OFFICE_MACROS: Final = re.compile(r"(?:^|/)vbaproject\.bin$", re.IGNORECASE)
_OPEN_MACROS: Final = re.compile(r"^(?:basic|scripts)/", re.IGNORECASE)
_JAVA: Final = re.compile(r"\.class$|^classes\.dex$|^androidmanifest\.xml$", re.IGNORECASE)
_UNREADABLE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError,
    struct.error, zlib.error, KeyError, IndexError, OverflowError, MemoryError,
)  # fmt: skip


class _Bomb(Exception):
    """It holds more than anybody would send."""


@dataclass
class Contents:
    """What was found: the names of the outermost members, what the first one says it all is, and the amounts."""

    names: list[str] = field(default_factory=list)
    says: str = ""
    members: int = 0
    unpacked: int = 0


def look_into(file: IO[bytes]) -> Contents:
    """Read all of the archive and of the archives in it. Raises ValidationError with a sentence."""
    found = Contents()
    try:
        _look(file, found, depth=1)
    except _Bomb as error:
        raise ValidationError(
            _("This archive unpacks to more than is taken: too much, too many members, or archives too deep in each "
              "other."),
            code="bomb",
        ) from error  # fmt: skip
    except _UNREADABLE as error:
        raise ValidationError(
            _("This archive or document cannot be read to its end. It may be damaged, or packed in a way that cannot "
              "be looked into. Save it anew and choose that file."),
            code="unreadable",
        ) from error  # fmt: skip
    return found


def _look(file: IO[bytes], found: Contents, *, depth: int) -> None:
    if depth > DEEPEST:
        raise _Bomb
    _check_directory(file)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        found.members += len(members)
        if found.members > MOST_MEMBERS:
            raise _Bomb
        says = _says(archive, members)
        if depth == 1:
            found.names, found.says = [member.filename for member in members], says
        for member in members:
            _check_name(member.filename, open_document="opendocument" in says)
            if not member.is_dir():
                _read(archive, member, found, depth=depth)


def _says(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    """What an OpenDocument says it is: its first member, as it stands."""
    if not members or members[0].filename != "mimetype" or members[0].file_size > 100:
        return ""
    with archive.open(members[0]) as content:
        return content.read(100).decode("ascii", "replace").strip()


def _check_directory(file: IO[bytes]) -> None:
    """The table of contents is of a size that may be read, before anything reads it."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - 65_557))  # the longest comment, and the record before it
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + _END.size:
        raise zipfile.BadZipFile
    if place >= 20 and tail[place - 20 : place - 16] == b"PK\x06\x07":
        raise _Bomb  # the large format, for more than 4 GB or 65,535 members
    size: int = _END.unpack_from(tail, place)[5]
    if size > MOST_DIRECTORY:
        raise _Bomb
    file.seek(0)


def _check_name(name: str, *, open_document: bool) -> None:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if _OFFICE_MACROS.search(name) or (open_document and _OPEN_MACROS.search(name)):
        raise ValidationError(
            _("This document carries macros, which are programs. Save it without them and choose that file."),
            code="macros",
        )
    if _JAVA.search(name) or (ending in RUNNING_ENDINGS and ending not in _HARMLESS_INSIDE):
        raise _program(name)


_HARMLESS_INSIDE: Final = frozenset({"xml", "htm", "html", "xht", "xhtml", "svg", "bin", "xsl", "url"})
"""Parts of documents and saved pages: in an archive nobody is shown them by the portal."""


def _program(name: str) -> ValidationError:
    return ValidationError(
        _("This archive holds a program or script (%(name)s), and these are not taken.") % {"name": name[-80:]},
        code="program",
    )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, found: Contents, *, depth: int) -> None:
    """Count what comes out of one member; look into it where it is an archive itself."""
    if member.flag_bits & 0x1:
        # Closed with a password: its size is all that can be known, and it cannot be opened by accident.
        _count(member.file_size, member.file_size, member.compress_size, found)
        return
    inner: io.BytesIO | None = None
    length = 0
    with archive.open(member) as content:
        while piece := content.read(_PIECE):
            if not length:
                if _PROGRAM.match(piece):
                    raise _program(member.filename)
                inner = io.BytesIO() if piece.startswith(b"PK\x03\x04") else None
            length += len(piece)
            _count(len(piece), length, member.compress_size, found)
            if inner is not None:
                if length > MOST_NESTED:
                    raise _Bomb
                inner.write(piece)
    if inner is not None:
        _look(inner, found, depth=depth + 1)


def _count(more: int, length: int, packed: int, found: Contents) -> None:
    found.unpacked += more
    if found.unpacked > MOST_UNPACKED or (length > RATIO_COUNTS_FROM and length > MOST_RATIO * max(packed, 1)):
        raise _Bomb
