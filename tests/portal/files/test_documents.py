"""Uploads of many kinds: what is taken, what is refused with a sentence, and that nothing half is left (C4, F8)."""

import hashlib
import io
import resource
import struct
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import Image

from portal.files.models import StoredFile
from portal.files.services import document_store
from portal.files.views import SHOWN_INLINE, SHOWN_ON_REQUEST
from tests.factories.accounts import person
from tests.factories.documents import office, old_office, open_document, packed, pdf, wav
from tests.factories.pictures import picture, upload
from tests.portal.files.conftest import KIND
from tests.portal.files.corpus import CORPUS, EICAR, HTML, JPEG, PNG, SCRIPT, SVG, archive, noise
from tests.portal.files.test_pictures import CANARY, bytes_of, files_on_disk, with_metadata

MOST = 50_000_000
MOST_MEMORY = 300_000_000
RIFF_AVI = b"RIFF" + struct.pack("<I", 100) + b"AVI LIST" + bytes(100)


def take(content, name, claimed="application/octet-stream", most=MOST):
    return document_store(None, kind=KIND, upload=upload(content, name, claimed), most_bytes=most)


TAKEN = [
    ("report.pdf", pdf(), "application/pdf", "report.pdf"),
    ("notes.txt", "Réunion à 10 h\n".encode(), "text/plain", "notes.txt"),
    ("notes.txt", "Réunion à 10 h\n".encode("latin-1"), "text/plain", "notes.txt"),
    ("notes.txt", "محضر الاجتماع\n".encode("utf-16"), "text/plain", "notes.txt"),
    ("people.csv", b"name,country\nMZ,Mozambique\n", "text/plain", "people.csv"),
    ("MZ.csv", b"MZ,Mozambique\n", "text/plain", "MZ.csv"),
    ("Plan v1.2", pdf(), "application/pdf", "Plan v1.2.pdf"),
    ("README", b"Read me first.\n", "text/plain", "README.txt"),
    ("form-v4.odt", open_document(), "application/vnd.oasis.opendocument.text", "form-v4.odt"),
    ("rota.ods", open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet", "rota.ods"),
    ("form.docx", office(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "form.docx"),
    (
        "budget.xlsx",
        office("xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "budget.xlsx",
    ),
    ("old.doc", old_office(), "application/msword", "old.doc"),
    ("old.xls", old_office("Workbook"), "application/vnd.ms-excel", "old.xls"),
    ("secret.docx", old_office("EncryptedPackage"), "application/octet-stream", "secret.docx"),
    ("text.rtf", rb"{\rtf1 Hello}", "application/rtf", "text.rtf"),
    ("call.wav", wav(), "audio/wav", "call.wav"),
    ("call.mp3", b"ID3\x04\0\0" + bytes(200), "audio/mpeg", "call.mp3"),
    ("film.mp4", b"\0\0\0\x20ftypisom" + bytes(200), "video/mp4", "film.mp4"),
    ("film.webm", b"\x1aE\xdf\xa3" + bytes(200), "video/webm", "film.webm"),
    ("all.zip", packed({"a/report.pdf": pdf(), "form.docx": office()}), "application/zip", "all.zip"),
    ("page.zip", archive("saved/index.html", HTML), "application/zip", "page.zip"),
    ("closed.age", b"age-encryption.org/v1\n" + noise(300), "application/octet-stream", "closed.age"),
    ("../../etc/التقرير.pdf", pdf(), "application/pdf", "التقرير.pdf"),
    ("logo\u202egnp.pdf", pdf(), "application/pdf", "logognp.pdf"),
]


@pytest.mark.parametrize(("name", "content", "media_type", "kept_as"), TAKEN, ids=lambda value: str(value)[:30])
def test_what_people_work_with_is_taken_as_it_is(name, content, media_type, kept_as, readers):
    stored = take(content, name)

    assert (stored.media_type, stored.name) == (media_type, kept_as)
    assert bytes_of(stored) == content
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("given", CORPUS, ids=lambda given: given.what)
def test_the_corpus_gains_nothing_active(given, readers):
    """C4: whatever is tried as a picture is refused with a sentence, or kept as something that runs nowhere."""
    before = files_on_disk()
    try:
        stored = take(given.content, given.name, given.claimed)
    except ValidationError as refusal:
        (sentence,) = refusal.messages
        assert sentence.endswith(".")
        assert files_on_disk() == before
        assert not StoredFile.objects.exists()
        return
    kept = bytes_of(stored)
    if stored.media_type in SHOWN_INLINE | SHOWN_ON_REQUEST:
        assert kept.startswith((b"\x89PNG", b"RIFF", b"\xff\xd8\xff", b"%PDF-"))
    for sign in (b"<script", b"<svg", b"<?php", b"EICAR"):
        assert sign not in kept
    assert stored.name.isprintable()
    assert not set(stored.name) & set('/\\"')
    assert stored.name.rpartition(".")[2] not in {"html", "svg", "exe", "jar", "com", "js"}


def with_member(name, content=b"x"):
    return packed({"notes.txt": b"notes", name: content})


def nested(depth):
    content = packed({"notes.txt": b"notes"})
    for _ in range(depth):
        content = packed({"inner.zip": content})
    return content


def lying(content):
    """The archive with every size in its headers, and in its table of contents, set to one byte."""
    changed = bytearray(content)
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + place : at + place + 4] = struct.pack("<I", 1)
            at = changed.find(sign, at + 4)
    return bytes(changed)


def with_large_format(content):
    end = content.rfind(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


def huge_table():
    """An archive of one member whose end says that the table of contents is 40 MB."""
    content = bytearray(packed({"a.txt": b"a"}))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", 40_000_000)
    return bytes(content)


def overlapping():
    """Many members that are the same bytes (the zip bomb of David Fifield)."""
    content = packed({"a.txt": bytes(1_000_000), "b.txt": b"b"})
    start = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", start + 4)
    changed = bytearray(content)
    changed[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(changed)


REFUSED = [
    ("empty.pdf", b"", "empty"),
    ("page.html", HTML, "page"),
    ("page.txt", b"\n\n  " + HTML, "page"),
    ("page.txt", b"\xef\xbb\xbf" + HTML, "page"),
    ("page.txt", HTML.decode().encode("utf-16"), "page"),
    ("picture.png", HTML, "page"),
    ("drawing.svg", SVG, "page"),
    ("drawing.txt", SVG, "page"),
    ("data.txt", b"<?xml version='1.0'?><x/>", "page"),
    ("picture.png", b"only text", "ending"),
    ("report.pdf", b"only text", "ending"),
    ("report.pdf", packed({"a.txt": b"a"}), "ending"),
    ("form.docx", packed({"a.txt": b"a"}), "ending"),
    ("form.docx", office("xl/workbook.xml"), "ending"),
    ("form.odt", open_document("spreadsheet"), "ending"),
    ("a.txt", pdf(), "ending"),
    ("run.js", b"alert(1)", "program"),
    ("run.sh", b"echo hello", "program"),
    ("run.txt", b"#!/bin/sh\necho hello", "program"),
    ("setup.exe", b"MZ\x90\0" + noise(600), "program"),
    ("setup.txt", b"MZ\x90\0" + noise(600), "program"),
    ("setup.pdf.exe", pdf(), "program"),
    ("tool", b"\x7fELF\x02\x01" + noise(600), "program"),
    ("tool.mp4", b"\xca\xfe\xba\xbe" + noise(600), "program"),
    ("tool.jar", packed({"META-INF/MANIFEST.MF": b"Main-Class: A"}), "program"),
    ("tool.zip", packed({"META-INF/MANIFEST.MF": b"Main-Class: A"}), "program"),
    ("link.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(60), "program"),
    ("film.swf", b"CWS\x0a" + noise(100), "program"),
    ("tool.zip", with_member("tools/setup.EXE"), "program"),
    ("tool.zip", with_member("photo.jpg", b"MZ\x90\0" + bytes(60)), "program"),
    ("tool.zip", with_member("classes.dex"), "program"),
    ("tool.zip", packed({"inner.zip": with_member("run.vbs")}), "program"),
    ("macro.docx", office(more={"word/vbaProject.bin": b"x"}), "macros"),
    ("macro.odt", open_document(**{"Basic/Standard/Module1.xml": b"<m/>"}), "macros"),
    ("macro.doc", old_office(more="_VBA_PROJECT"), "macros"),
    ("macro.zip", packed({"a.docx": office(more={"word/vbaProject.bin": b"x"})}), "macros"),
    ("mail.msg", old_office("__properties_version1.0"), "unknown"),
    ("object.rtf", rb"{\rtf1 {\object\objdata 0105}}", "foreign"),
    ("photo.tiff", picture(form="TIFF"), "picture"),
    ("photo.bmp", picture(form="BMP"), "picture"),
    ("photo.avif", picture(form="AVIF"), "picture"),
    ("photo.heic", b"\0\0\0\x18ftypheic" + bytes(40), "picture"),
    ("all.7z", b"7z\xbc\xaf\x27\x1c" + noise(40), "archive"),
    ("all.rar", b"Rar!\x1a\x07\0" + noise(40), "archive"),
    ("all.tar.gz", b"\x1f\x8b\x08\0" + noise(40), "archive"),
    ("all.tar", bytes(257) + b"ustar\0" + bytes(300), "archive"),
    ("film.avi", RIFF_AVI, "unknown"),
    ("noise.bin", noise(3_000), "unknown"),
    ("noise.pdf", noise(3_000), "unknown"),
    ("virus.com", EICAR, "program"),
    ("bomb.zip", packed({"a.txt": bytes(30_000_000)}), "bomb"),
    ("bomb.odt", open_document(**{"content.xml": bytes(30_000_000)}), "bomb"),
    ("bomb.zip", lying(packed({"a.txt": bytes(30_000_000)})), "unreadable"),
    ("bomb.zip", packed({f"{n}.txt": b"" for n in range(2_001)}), "bomb"),
    ("bomb.zip", packed({"inner.zip": packed({"a.txt": bytes(30_000_000)})}), "bomb"),
    ("deep.zip", nested(3), "bomb"),
    ("large.zip", with_large_format(packed({"a.txt": b"a"})), "bomb"),
    ("table.zip", huge_table(), "bomb"),
    ("twice.zip", overlapping(), "unreadable"),
    ("half.zip", packed({"a.txt": noise(5_000)})[:2_000], "unreadable"),
    ("none.zip", packed({}), "empty"),
    ("broken.jpg", JPEG[: len(JPEG) // 2], "unreadable"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=lambda value: str(value)[:30])
def test_the_rest_is_refused_with_a_sentence(name, content, code, readers):
    before = files_on_disk()

    with pytest.raises(ValidationError) as refusal:
        take(content, name)

    assert refusal.value.code == code
    (sentence,) = refusal.value.messages
    assert sentence.endswith(".")
    assert not StoredFile.objects.exists()
    assert files_on_disk() == before


def test_there_are_enough_of_them():
    assert len(CORPUS) + len(TAKEN) + len(REFUSED) >= 120


def test_archives_may_lie_in_each_other_a_little(readers):
    assert take(nested(2), "deep.zip").media_type == "application/zip"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_are_rebuilt_and_carry_nothing(form, readers):
    """C5, also for photographs that stay photographs."""
    given = with_metadata(form, CANARY)

    stored = take(given, "Réunion.jpeg")

    kept = bytes_of(stored)
    assert CANARY not in kept
    assert not [sign for sign in (b"Exif", b"ICC_PROFILE", b"iCCP", b"XMP", b"tEXt", b"Photoshop") if sign in kept]
    ending = stored.name.removeprefix("Réunion.")
    assert (stored.media_type, ending) in {("image/jpeg", "jpg"), ("image/png", "png"), ("image/webp", "webp")}


def test_a_photograph_stays_one_and_is_made_smaller(readers):
    photo = Image.effect_noise((4000, 3000), 40).convert("RGB")
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=70)

    stored = take(file.getvalue(), "photo.png")

    assert (stored.media_type, stored.name, stored.width, stored.height) == ("image/jpeg", "photo.jpg", 2560, 1920)
    with Image.open(io.BytesIO(bytes_of(stored))) as again:
        assert (again.format, again.size) == ("JPEG", (2560, 1920))


def test_one_byte_more_than_is_taken(readers):
    assert take(b"a" * 1_000, "a.txt", most=1_000).size == 1_000
    with pytest.raises(ValidationError, match="larger than 1 kB"):
        take(b"a" * 1_001, "a.txt", most=1_000)


def test_an_upload_on_the_disk_is_moved_and_never_read_whole(readers):
    with TemporaryUploadedFile("long.txt", "text/plain", 0, "utf-8") as given:
        for _ in range(100):
            given.write(b"A line of text that is long enough.\n" * 1_000)
        given.size = given.tell()

        stored = document_store(person("Ada"), kind=KIND, upload=given, most_bytes=MOST)

    assert stored.size == 3_600_000
    assert Path(stored.content.path).stat().st_size == 3_600_000
    assert Path(stored.content.path).stat().st_mode & 0o777 == 0o600


@contextmanager
def no_file_longer_than(length):
    """What the system says to who writes more (EFBIG), as it would with a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_the_disk_is_full_nothing_half_is_kept(readers, caplog):
    """F8."""
    before = files_on_disk()

    with no_file_longer_than(100_000), pytest.raises(ValidationError) as refusal:
        take(b"A line of text.\n" * 20_000, "long.txt")

    assert refusal.value.code == "storage"
    assert "nothing of it was kept" in refusal.value.messages[0]
    assert not StoredFile.objects.exists()
    assert files_on_disk() == before
    assert "A file could not be stored" in caplog.text
    assert take(b"A line of text.\n" * 20_000, "long.txt").size == 320_000  # once there is room again


def test_a_directory_that_cannot_be_written_is_no_error_page(readers, settings, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a directory should be")
    settings.MEDIA_ROOT = str(blocked)

    with pytest.raises(ValidationError, match="could not be stored"):
        take(pdf(), "report.pdf")

    assert not StoredFile.objects.exists()


LOOKING = r"""
import re, sys
from pathlib import Path
import django
django.setup()
from django.core.exceptions import ValidationError
from portal.files.looking.recognising import recognised
from portal.files.services.pictures import rebuilt
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        try:
            print(recognised(file, "a.zip").media_type)
            if file.read(2) != b"PK":
                rebuilt(Path(name).read_bytes(), largest_side=2560)
        except ValidationError as error:
            print(error.code)
print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) * 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's largest size")
def test_looking_into_archives_and_large_pictures_takes_little_memory(tmp_path):
    """In a process of its own, whose highest use of memory is its own too."""
    blank = packed({"a.txt": bytes(19_000_000)})
    contents = [
        packed({f"{n}.zip": blank for n in range(40)}),
        packed({"inner.zip": packed({"a.txt": noise(29_000_000)})}),
        picture(6_000, 4_000, form="JPEG"),
        picture(6_000, 4_000, form="PNG"),
        picture(4_000, 2_000, form="WEBP"),
    ]
    paths = [tmp_path / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)

    answer = subprocess.run([sys.executable, "-c", LOOKING, *paths], capture_output=True, text=True, check=True)

    *found, memory = answer.stdout.split()
    assert found == ["bomb", "application/zip", "image/jpeg", "image/jpeg", "image/jpeg"]
    assert int(memory) < MOST_MEMORY


def test_the_control_that_reads_only_what_headers_say():
    """A check that believed the sizes in the headers would let the lying archive pass."""
    with zipfile.ZipFile(io.BytesIO(lying(packed({"a.txt": bytes(30_000_000)})))) as archive_:
        assert sum(member.file_size for member in archive_.infolist()) == 1


def test_nothing_is_left_elsewhere(readers, tmp_path):
    take(PNG + bytes(100), "logo.png")

    assert {path.parent.parent.parent for path in files_on_disk()} == {Path(default_storage.location)}
    assert SCRIPT not in b"".join(path.read_bytes() for path in files_on_disk())
