"""What is taken, and what is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.registry import Text


@dataclass(frozen=True)
class FileType:
    """A type that is taken. `endings` are those that its name may have, the usual one first."""

    label: Text
    media_type: str
    endings: tuple[str, ...]


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"

PDF: Final = FileType(_("a PDF document"), "application/pdf", ("pdf",))
PICTURE: Final = FileType(_("a picture"), "image/jpeg", ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif"))
ZIP: Final = FileType(_("a zip archive"), "application/zip", ("zip",))
RTF: Final = FileType(_("a text document (RTF)"), "application/rtf", ("rtf",))
TEXT: Final = FileType(
    _("plain text"),
    "text/plain",
    ("txt", "csv", "tsv", "md", "ics", "vcf", "srt", "vtt", "asc", "json", "po", "log", "bib"),
)
AGE: Final = FileType(_("an encrypted file (age)"), "application/octet-stream", ("age",))
LOCKED_OFFICE: Final = FileType(
    _("an Office document closed with a password"), "application/octet-stream", ("docx", "xlsx", "pptx")
)

BY_OPEN_TYPE: Final = {
    f"{_OPEN}.text": FileType(_("a text document (OpenDocument)"), f"{_OPEN}.text", ("odt",)),
    f"{_OPEN}.spreadsheet": FileType(_("a spreadsheet (OpenDocument)"), f"{_OPEN}.spreadsheet", ("ods",)),
    f"{_OPEN}.presentation": FileType(_("a presentation (OpenDocument)"), f"{_OPEN}.presentation", ("odp",)),
    f"{_OPEN}.graphics": FileType(_("a drawing (OpenDocument)"), f"{_OPEN}.graphics", ("odg",)),
    "application/epub+zip": FileType(_("a book (EPUB)"), "application/epub+zip", ("epub",)),
}
"""By what the member "mimetype" of the archive says (OpenDocument 1.3, part 2, 3.3)."""
BY_OFFICE_PART: Final = {
    "word/document.xml": FileType(_("a Word document"), f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    "xl/workbook.xml": FileType(_("an Excel workbook"), f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    "ppt/presentation.xml": FileType(
        _("a PowerPoint presentation"), f"{_OFFICE}.presentationml.presentation", ("pptx",)
    ),
}
"""By the member that holds the document itself."""
BY_OLD_OFFICE_STREAM: Final = {
    "WordDocument": FileType(_("a Word document"), "application/msword", ("doc", "dot")),
    "Workbook": FileType(_("an Excel workbook"), "application/vnd.ms-excel", ("xls",)),
    "Book": FileType(_("an Excel workbook"), "application/vnd.ms-excel", ("xls",)),
    "PowerPoint Document": FileType(_("a PowerPoint presentation"), "application/vnd.ms-powerpoint", ("ppt", "pps")),
}
"""By the name of a stream inside (MS-DOC 2.1, MS-XLS 2.1, MS-PPT 2.1)."""
SOUND_AND_FILM: Final = (
    (rb"ID3|\xff[\xfb\xf3\xf2]", FileType(_("a sound recording (MP3)"), "audio/mpeg", ("mp3",))),
    (rb"OggS", FileType(_("a recording (Ogg)"), "audio/ogg", ("ogg", "oga", "opus", "ogv"))),
    (rb"fLaC", FileType(_("a sound recording (FLAC)"), "audio/flac", ("flac",))),
    (rb"RIFF.{4}WAVE", FileType(_("a sound recording (WAV)"), "audio/wav", ("wav",))),
    (rb".{4}ftypM4[AB] ", FileType(_("a sound recording (MPEG-4)"), "audio/mp4", ("m4a", "m4b", "mp4"))),
    (
        rb".{4}ftyp(?:isom|iso[2-6]|mp4[12]|avc1|M4V |qt  |3gp|dash|MSNV)",
        FileType(_("a film (MPEG-4)"), "video/mp4", ("mp4", "m4v", "mov", "m4a", "3gp")),
    ),
    (rb"\x1aE\xdf\xa3", FileType(_("a film (WebM)"), "video/webm", ("webm", "mkv", "weba"))),
)
TAKEN: Final = (
    *(PDF, PICTURE, ZIP, RTF, TEXT, AGE, LOCKED_OFFICE),
    *(*BY_OPEN_TYPE.values(), *BY_OFFICE_PART.values(), *BY_OLD_OFFICE_STREAM.values()),
    *(kind for _beginning, kind in SOUND_AND_FILM),
)

# The rest is refused, some of it by name.
PROGRAMS: Final = (
    rb"MZ(?=.{0,62}\0)|\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|\xca\xfe\xd0\x0d|#!|dex\n|\0asm"
    rb"|L\0\0\0\x01\x14\x02\0|!<arch>|\xed\xab\xee\xdb|ITSF|MSCF|Cr24|[FCZ]WS[\x01-\x2f]"
)
"""Windows, Linux, macOS, Java, Android and WebAssembly programs, scripts, shortcuts, packages of them, Flash, help."""
OTHER_PICTURES: Final = (
    rb"II\*\0|MM\0\*|BM.{4}\0\0\0\0|\0\0\x01\0|8BPS|\xff\x0a|\0\0\0\x0cJXL |%!PS"
    rb"|.{4}ftyp(?:avif|avis|heic|heix|hevc|heim|heis|mif1|msf1)"
)
"""TIFF, BMP, ICO, Photoshop, JPEG XL, PostScript, AVIF, HEIC."""
OTHER_ARCHIVES: Final = (
    rb"\x1f\x8b|\x1f\x9d|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|BZh[1-9]|\xfd7zXZ\0|\x28\xb5\x2f\xfd|.{257}ustar"
)
"""gzip, compress, 7z, RAR, bzip2, xz, Zstandard, tar."""
RUNNING_ENDINGS: Final = frozenset(
    {
        "apk", "app", "appimage", "applescript", "bat", "bin", "chm", "class", "cmd", "com", "command", "cpl", "csh",
        "deb", "desktop", "dll", "dmg", "docm", "dotm", "elf", "exe", "gadget", "hta", "htm", "html", "inf", "iso",
        "jar", "js", "jse", "ksh", "lnk", "mht", "mhtml", "mjs", "msc", "msi", "msix", "msp", "mst", "nsh", "pif",
        "pl", "potm", "ppam", "ppsm", "pptm", "ps1", "psm1", "py", "pyc", "pyw", "rb", "reg", "rpm", "run", "scf",
        "scr", "sh", "shtml", "so", "svg", "svgz", "swf", "sys", "tcl", "url", "vb", "vbe", "vbs", "wasm", "wsc",
        "wsf", "wsh", "xht", "xhtml", "xlam", "xll", "xlsb", "xlsm", "xltm", "xml", "xpi", "xsl", "zsh",
    }
)  # fmt: skip
"""Endings of what a system or a browser would run when somebody opens it."""

KNOWN_ENDINGS: Final = RUNNING_ENDINGS.union(*(kind.endings for kind in TAKEN))
"""Whatever else follows a dot belongs to the name: "Plan v1.2"."""
