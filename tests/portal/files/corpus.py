"""Uploads that somebody might try: each a name, what a client claims, and the bytes (check C4)."""

import io
import random
import struct
import zipfile
import zlib
from dataclasses import dataclass

from PIL import Image

from tests.factories.pictures import picture

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = b"<!doctype html><title>x</title>" + SCRIPT


@dataclass(frozen=True)
class Upload:
    """One try. `harmless`: a picture that is to be taken, whatever it is called."""

    what: str
    content: bytes
    name: str = "logo.png"
    claimed: str = "image/png"
    harmless: bool = False


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(
    width: int, height: int, *, data: bytes = b"", before: bytes = b"", depth: int = 8, colour: int = 2
) -> bytes:
    """A PNG whose header says what it likes."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif_of(width: int, height: int, rest: bytes = b"") -> bytes:
    """A GIF whose header says what it likes."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + b"\x00" * 6 + rest + b"\x3b"


def archive(name: str = "index.html", content: bytes = HTML) -> bytes:
    """A zip archive of one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return file.getvalue()


def zip_bomb() -> bytes:
    """An archive of a few kilobytes that unpacks to many megabytes."""
    return archive("bomb.bin", bytes(30_000_000))


def jpeg_with_segment(marker: int, payload: bytes) -> bytes:
    """A JPEG with a segment of its own after the first marker."""
    content = picture(form="JPEG")
    return content[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload + content[2:]


def jpeg_of_many_scans() -> bytes:
    """A progressive JPEG whose last scan is repeated: cheap to send, dear to decode."""
    content = picture(2000, 2000, form="JPEG", progressive=True)
    last = content.rfind(b"\xff\xda")
    scan = content[last:-2]
    return content[:-2] + scan * 3000 + b"\xff\xd9"


def webp_saying(width: int, height: int) -> bytes:
    """A lossless WebP whose header says another size than its content has."""
    content = bytearray(picture(form="WEBP", lossless=True))
    place = content.index(b"VP8L") + 9
    content[place : place + 4] = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return bytes(content)


def noise(length: int) -> bytes:
    """Bytes without meaning, the same each time."""
    return random.Random(length).randbytes(length)


def one_pixel(kind: bytes, data: bytes) -> bytes:
    """A PNG of one pixel with a chunk of its own."""
    return png_of(1, 1, data=zlib.compress(bytes(4)), before=chunk(kind, data))


def moving(form: str) -> bytes:
    """A picture of two frames."""
    return picture(form=form, save_all=True, append_images=[Image.new("RGB", (40, 30), "red")])


INKS = {"mode": "CMYK", "colour": (1, 2, 3, 4)}
EXPLODING = zlib.compress(bytes(200_000_000), 9)
WIDE_BITS = zlib.compress(bytes(2_501 * 20_000), 9)
PNG, JPEG, WEBP, GIF = (picture(form=form) for form in ("PNG", "JPEG", "WEBP", "GIF"))

CORPUS = [
    # nothing, and not enough
    Upload("0 bytes", b""),
    Upload("1 byte", b"\x89"),
    Upload("only a PNG's beginning", PNG[:8]),
    Upload("only a JPEG's beginning", JPEG[:3]),
    Upload("only a GIF's beginning", b"GIF89a"),
    Upload("only a WebP's beginning", WEBP[:12]),
    Upload("half a PNG", picture(600, 600, form="PNG", colour=(1, 2, 3))[:900]),
    Upload("half a JPEG", picture(600, 600, form="JPEG")[:900]),
    Upload("half a WebP", WEBP[: len(WEBP) // 2]),
    Upload("half a GIF", GIF[:30]),
    # one byte too many, and many too many
    Upload("5 MB and one byte of a PNG", PNG + bytes(5_000_001 - len(PNG))),
    Upload("6 MB of noise", noise(6_000_000)),
    # pages and scripts by another name
    Upload("SVG", SVG, "logo.svg", "image/svg+xml"),
    Upload("SVG as .png", SVG),
    Upload("SVG with an XML heading", b'<?xml version="1.0"?>' + SVG),
    Upload("SVG with a byte order mark", b"\xef\xbb\xbf" + SVG),
    Upload("SVG, gzipped", zlib.compress(SVG), "logo.svgz", "image/svg+xml"),
    Upload("SVG with an entity bomb", b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]>' + SVG),
    Upload("HTML as .png", HTML),
    Upload("HTML as .jpg", HTML, "logo.jpg", "image/jpeg"),
    Upload("HTML in UTF-16", HTML.decode().encode("utf-16")),
    Upload("HTML in UTF-7", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    Upload("script as .gif", b"alert(1)", "logo.gif", "image/gif"),
    Upload("PHP as .png", b"<?php system($_GET['c']); ?>"),
    Upload("XML", b"<?xml version='1.0'?><x/>", "logo.xml", "text/xml"),
    Upload("style sheet", b"body{background:url(//evil.example)}", "logo.css", "text/css"),
    # two things at once
    Upload("GIF and JavaScript, the comment way", b"GIF89a/*" + GIF[8:] + b"*/=1;alert(1)//", "logo.gif", "image/gif"),
    Upload("GIF and JavaScript, the name way", b"GIF89a=1;alert(1);//" + GIF[13:], "logo.gif", "image/gif"),
    Upload("GIF with a script behind it", GIF + SCRIPT, "logo.gif", "image/gif"),
    Upload("PNG with a page behind it", PNG + HTML),
    Upload("PNG with an SVG behind it", PNG + SVG),
    Upload("JPEG with PHP behind it", JPEG + b"<?php phpinfo(); ?>", "logo.php.jpg", "image/jpeg"),
    Upload("JPEG with a script in its comment", jpeg_with_segment(0xFE, SCRIPT), "logo.jpg", "image/jpeg"),
    Upload("PNG with a script in a text", one_pixel(b"tEXt", b"a\0" + SCRIPT)),
    Upload("PNG and zip archive", PNG + archive()),
    Upload("JPEG and zip archive", JPEG + archive(), "logo.jpg", "image/jpeg"),
    Upload("PNG and Java archive", PNG + archive("META-INF/MANIFEST.MF", b"Main-Class: A"), "logo.jar"),
    Upload("PDF and JPEG", jpeg_with_segment(0xFE, b"%PDF-1.7\n1 0 obj<<>>"), "logo.pdf", "application/pdf"),
    Upload("WebP with a script behind it", WEBP + SCRIPT, "logo.webp", "image/webp"),
    # bombs
    Upload("PNG of 65,535 by 65,535", png_of(65_535, 65_535)),
    Upload("PNG of 2 thousand million by 1", png_of(2_147_483_647, 1)),
    Upload("PNG one pixel too wide", png_of(6_001, 1)),
    Upload("PNG one pixel too high", png_of(1, 6_001)),
    Upload("PNG of 24 million pixels and one row", png_of(6_000, 4_001)),
    Upload("PNG of 20,000 by 20,000, really", png_of(20_000, 20_000, depth=1, colour=0, data=WIDE_BITS)),
    Upload("PNG with a text that explodes", one_pixel(b"zTXt", b"a\0\0" + EXPLODING)),
    Upload("PNG with a colour profile that explodes", one_pixel(b"iCCP", b"a\0\0" + EXPLODING)),
    Upload("PNG whose pixels explode", png_of(10, 10, data=EXPLODING), harmless=True),
    Upload("GIF of 65,535 by 65,535", gif_of(65_535, 65_535), "logo.gif", "image/gif"),
    Upload("WebP of 16,383 by 16,383", webp_saying(16_383, 16_383), "logo.webp", "image/webp"),
    Upload("JPEG of 3,000 scans", jpeg_of_many_scans(), "logo.jpg", "image/jpeg"),
    Upload("zip bomb", zip_bomb(), "logo.png", "image/png"),
    # pictures of other kinds
    Upload("BMP", picture(form="BMP"), "logo.bmp", "image/bmp"),
    Upload("TIFF", picture(form="TIFF"), "logo.tif", "image/tiff"),
    Upload("ICO", picture(form="ICO"), "favicon.ico", "image/x-icon"),
    Upload("PPM", picture(form="PPM"), "logo.ppm", "image/x-portable-pixmap"),
    Upload("EPS", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "logo.eps", "application/postscript"),
    Upload("AVIF", picture(form="AVIF"), "logo.avif", "image/avif"),
    Upload("a WAV, RIFF as WebP is", b"RIFF$\0\0\0WAVEfmt " + bytes(28), "logo.webp", "image/webp"),
    # documents, archives, programs
    Upload("zip archive", archive(), "logo.zip", "application/zip"),
    Upload("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "logo.pdf", "application/pdf"),
    Upload("Windows program", b"MZ" + noise(500), "logo.exe", "application/x-msdownload"),
    Upload("Linux program", b"\x7fELF" + noise(500), "logo", "application/octet-stream"),
    Upload("the test virus", EICAR, "eicar.com", "text/plain"),
    Upload("PNG with the test virus behind it", PNG + EICAR),
    Upload("GIF with the test virus in its comment", picture(form="GIF", comment=EICAR), "logo.gif", "image/gif"),
    Upload("noise", noise(2_000)),
    Upload("noise that begins as PNG", PNG[:8] + noise(2_000)),
    Upload("noise that begins as JPEG", b"\xff\xd8\xff\xe0" + noise(2_000)),
    Upload("noise that begins as GIF", b"GIF89a" + struct.pack("<HH", 10, 10) + noise(2_000)),
    Upload("noise that begins as WebP", b"RIFF" + struct.pack("<I", 2_000) + b"WEBPVP8L" + noise(2_000)),
    # honest pictures with dishonest names and claims
    Upload("PNG that climbs", PNG, "../../../../etc/passwd", harmless=True),
    Upload("PNG that climbs with backslashes", PNG, "..\\..\\windows\\system32\\logo.png", harmless=True),
    Upload("PNG with an absolute path", PNG, "/etc/cron.d/logo.png", harmless=True),
    Upload("PNG that reads backwards", PNG, "logo\u202egnp.exe", harmless=True),
    Upload("PNG with line breaks in its name", PNG, "logo.png\r\nSet-Cookie: a=b\r\n\r\n<html>", harmless=True),
    Upload("PNG with a null in its name", PNG, "logo.png\0.html", harmless=True),
    Upload("PNG with quotes in its name", PNG, 'logo"; filename="evil.html', harmless=True),
    Upload("PNG without a name", PNG, " ", harmless=True),
    Upload("PNG with a long name", PNG, "x" * 5_000 + ".png", harmless=True),
    Upload("PNG as .html", PNG, "logo.html", "text/html", harmless=True),
    Upload("PNG as .svg", PNG, "logo.svg", "image/svg+xml", harmless=True),
    Upload("PNG with a device's name", PNG, "CON.png", harmless=True),
    Upload("PNG with an Arabic name", PNG, "شعار.png", harmless=True),
    # honest pictures of unusual make
    Upload("JPEG", JPEG, "logo.jpg", "image/jpeg", harmless=True),
    Upload("WebP", WEBP, "logo.webp", "image/webp", harmless=True),
    Upload("GIF", GIF, "logo.gif", "image/gif", harmless=True),
    Upload("PNG of one pixel", picture(1, 1), harmless=True),
    Upload("PNG of 6,000 by 1", picture(6_000, 1), harmless=True),
    Upload("PNG with palette", picture(mode="P", colour=3), harmless=True),
    Upload("PNG of two tones", picture(mode="1", colour=1), harmless=True),
    Upload("PNG of 16 bits", picture(mode="I;16", colour=40_000), harmless=True),
    Upload("PNG with transparency", picture(mode="RGBA", colour=(0, 0, 0, 0)), harmless=True),
    Upload("PNG grey with transparency", picture(mode="LA", colour=(9, 9)), harmless=True),
    Upload("JPEG of four inks", picture(form="JPEG", **INKS), "logo.jpg", "image/jpeg", harmless=True),
    Upload("JPEG in scans", picture(form="JPEG", progressive=True), "logo.jpg", "image/jpeg", harmless=True),
    Upload("moving GIF", moving("GIF"), "logo.gif", "image/gif", harmless=True),
    Upload("moving WebP", moving("WEBP"), "logo.webp", "image/webp", harmless=True),
]  # fmt: skip
