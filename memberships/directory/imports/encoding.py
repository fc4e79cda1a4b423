"""Telling in which encoding a text was saved, and saying so rather than showing other letters than were typed."""

import codecs
import re
from typing import Final

from django.utils.translation import gettext as _

from memberships.directory.imports.table import Unreadable

WESTERN: Final = "windows-1252"

# Longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx behind a password
_NOT_TEXT: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite f")
_UTF8_LETTER: Final = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
# Four letters beyond ASCII in a row: Cyrillic, Greek, Arabic, Hebrew or Thai in an encoding of their own.
_OTHER_SCRIPT: Final = re.compile(rb"[\x80-\xff]{4}")
# Signs that no word has inside: what accented letters of DOS, old Macs or central Europe turn into.
_INSIDE_NO_WORD: Final = re.compile(r"[a-z][‚ƒ„…†‡ˆ‰‹‘“”•–—˜™›¡¢£¤¥¦§¨©«¬®¯°±²³´¶¸¹»¼½¾¿×÷ŽŸ][a-z]")


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of `content` and the name of its encoding: utf-8, utf-16, utf-32 or windows-1252.

    Raises Unreadable, with the row where it goes wrong, for anything that is not certainly one of these. Encodings of
    eight bits carry no mark, so windows-1252 is taken only where nothing speaks against it.
    """
    if content.startswith(_OLD_OFFICE):
        raise Unreadable(_("This file is locked by a password or in the old .xls format. Save it as .xlsx or as CSV."))
    if content.startswith(_NOT_TEXT):
        raise Unreadable(_("This file is not a table. Save the table as .xlsx or as CSV."))
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode(content, encoding), encoding.removesuffix("-sig")
    if encoding := _utf16_without_mark(content):
        return _decode(content, encoding), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _UTF8_LETTER.search(content) or content.endswith((b"\xc2", b"\xc3")):
            raise _broken(content, error.start) from error
        return _western(content), WESTERN


def row_at(text: str, place: int) -> int:
    """Return the number of the row of a CSV file that has the character at `place`; quoted line breaks do not count."""
    outside_quotes = "".join(text[:place].split('"')[::2])
    return len(re.findall(r"\r\n|\r|\n", outside_quotes)) + 1


def misread(text: str) -> str:
    """Return what `text` was before UTF-8 was taken for windows-1252 and saved so ("FundaciÃ³n"), or nothing."""
    if text.isascii():
        return ""
    try:
        repaired = b"".join(_byte(char) for char in text).decode("utf-8")
    except UnicodeError:
        return ""
    return repaired if repaired != text else ""


def _byte(char: str) -> bytes:
    # The five bytes without a letter in windows-1252 pass through most programs as control characters.
    return bytes([ord(char)]) if 0x80 <= ord(char) < 0xA0 else char.encode("cp1252")


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        read = error.object[: error.start].decode(encoding.removesuffix("-sig"), errors="ignore")
        raise Unreadable(
            _("Row %(row)s is not readable text: the file was damaged or saved wrongly. Save the table as “CSV UTF-8”.")
            % {"row": row_at(read, len(read))}
        ) from error


def _utf16_without_mark(content: bytes) -> str:
    sample = content[:4096]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(zeros) > 1 and zeros.count(0) > len(zeros) * 0.6:
            return encoding
    return ""


def _western(content: bytes) -> str:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _broken(content, error.start) from error
    other = _OTHER_SCRIPT.search(content) or _INSIDE_NO_WORD.search(text)
    if other:
        raise _broken(content, other.start())  # one byte is one character here
    return text


def _broken(content: bytes, place: int) -> Unreadable:
    return Unreadable(
        _("Row %(row)s has letters that are neither UTF-8 nor Windows-1252. Save the table as “CSV UTF-8” or as .xlsx.")
        % {"row": row_at(content.decode("latin-1"), place)}
    )
