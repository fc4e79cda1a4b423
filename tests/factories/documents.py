"""Small documents of many kinds, made here so that no test needs a file beside it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

_CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def packed(members: Mapping[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """A zip archive with these members; those `stored` as they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2027, 6, 1, 12, 0, 0)), content, kind)
    return file.getvalue()


def open_document(kind: str = "text", **more: bytes) -> bytes:
    """An OpenDocument file: "text", "spreadsheet", "presentation", "graphics"."""
    says = f"application/vnd.oasis.opendocument.{kind}".encode()
    members = {"mimetype": says, "content.xml": b"<office:document-content/>", "META-INF/manifest.xml": b"<m/>", **more}
    return packed(members, stored=("mimetype",))


def office(part: str = "word/document.xml", more: Mapping[str, bytes] | None = None) -> bytes:
    """A document of Office from 2007 on, by the part that holds the document itself."""
    return packed({"[Content_Types].xml": _CONTENT_TYPES, part: b"<document/>", **(more or {})})


def old_office(stream: str = "WordDocument", more: str = "") -> bytes:
    """The beginning of a document of Office before 2007, with the names of its streams."""
    names = "".join(f"{name}\0" for name in ("Root Entry", stream, more) if name).encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(512)


def pdf(text: str = "Hello") -> bytes:
    """A PDF document of one page that says `text` (ASCII)."""
    shown = f"BT /F1 24 Tf 40 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",  # noqa: E501
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    )


def wav(seconds: float = 0.01) -> bytes:
    """Silence."""
    data = bytes(int(8000 * seconds))
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", len(head) + len(data)) + head + data
