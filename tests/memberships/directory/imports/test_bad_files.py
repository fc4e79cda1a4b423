"""Files that cannot be taken: each answered by a sentence beside the field, none by an error page."""

import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from memberships.directory.imports import table
from memberships.directory.imports.forms import UploadForm
from memberships.directory.imports.reading import read_upload
from memberships.directory.imports.table import Unreadable
from memberships.directory.models import Import
from memberships.organisations.models import Organisation
from tests.factories.tables import HEADINGS, REAL, as_csv, as_xlsx, bomb, one, replaced

WORKBOOK = as_xlsx([["name", "region"], ["Sample Voices", "Africa"]])
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
)


def latin(*cells: str) -> bytes:
    return ("name,region,city\n" + "\n".join(cells)).encode("latin-1")


def encrypted() -> bytes:
    """The workbook with the flag of encryption set in all members."""
    content = bytearray(WORKBOOK)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            flags = struct.unpack_from("<H", content, place + offset)[0]
            struct.pack_into("<H", content, place + offset, flags | 1)
            place = content.find(mark, place + 4)
    return bytes(content)


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


WIDE = ",".join(["name", "region", *(f"c{n}" for n in range(80))])
FILES = {
    "empty": (b"", "empty"),
    "only line breaks": (b"\r\n\r\n", "empty"),
    "only NULs": (b"\0" * 500, "empty"),
    "headings only": (b"name,region\n", "no rows"),
    "no headings": (b"Sample Voices,Africa\nSample Two,Africa\n", "headings"),
    "a column twice": (b"name,region,Name\nA Union,Africa,B\n", "twice"),
    "a field twice under two headings": (b"name,region,focus,subjects\nA Union,Africa,privacy,privacy\n", "twice"),
    "too wide": (f"{WIDE}\n".encode(), "64 columns"),
    "too wide below": (b"name,region\nA,Africa" + b"," * 90, "64 columns"),
    "2,001 rows": (b"name,region\n" + b"A,Africa\n" * 2001, "2000 rows"),
    "100,000 rows": (b"name\n" + b"A\n" * 100_000, "2000 rows"),
    "an open quotation mark": (b'name,region\n"A Union,Africa\nB Union,Africa\n', "quotation mark"),
    "a quotation mark amiss": (b'name,region\n"A"Union,Africa\n', "Row 2"),
    "a cell beyond all measure": (b"name,region\n" + b"A" * 200_000 + b",Africa\n", "Row 2"),
    "a broken UTF-8": ("name,region\nAsociación,Americas\n".encode() + b"Fundaci\xf3n,Americas\n", "Row 3"),
    "a cut UTF-8": ("name,region\nA,Africa\nAsociació".encode()[:-1], "Row 3"),
    "a cut UTF-16": ("name,region\nA,Africa\n".encode("utf-16")[:-1], "Row"),
    "UTF-8 with a mark and broken": (b"\xef\xbb\xbfname,region\n\xff,Africa\n", "Row 2"),
    "Cyrillic in windows-1251": ("name,region\nA,Africa\nФонд защиты,International".encode("cp1251"), "Row 3"),
    "Arabic in windows-1256": ("name,region\nمؤسسة مهارات,International".encode("cp1256"), "Row 2"),
    "accents of an old Mac": ("name,region\nA,Africa\nFundación Karisma,Americas".encode("mac-roman"), "Row 3"),
    "accents of DOS": ("name,region\nA,Africa\nFundación Karisma,Americas".encode("cp850"), "Row 3"),
    "letters no encoding has": (b"name,region\nA\x81B,Africa\n", "Row 2"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not a table"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "not a table"),
    "an old workbook or one with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
    "an encrypted archive": (encrypted(), "password"),
    "a cut workbook": (WORKBOOK[: len(WORKBOOK) // 2], "damaged"),
    "a workbook of noise": (b"PK\x03\x04" + bytes(range(256)) * 20, "damaged"),
    "a text document": (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "not an .xlsx"),
    "a zip bomb": (bomb(), "unpacks"),
    "a workbook of a thousand members": (zipped(**{f"xl/{n}.xml": "" for n in range(1000)}), "unpacks"),
    "XML that explodes": (replaced(WORKBOOK, xl__worksheets__sheet1=ENTITIES), "damaged"),
    "XML that reaches out": (replaced(WORKBOOK, xl__worksheets__sheet1=OUTSIDE), "damaged"),
    "XML that is none": (replaced(WORKBOOK, xl__worksheets__sheet1="<worksheet"), "damaged"),
    "a workbook without its parts": (replaced(WORKBOOK, xl__workbook="<workbook/>"), "no visible sheet"),
    "an empty sheet": (as_xlsx([[]]), "empty"),
    "2,001 rows in a workbook": (as_xlsx([["name"], *(["A"] for _ in range(2001))]), "2000 rows"),
    "a row at the end of the world": (
        replaced(
            WORKBOOK,
            xl__worksheets__sheet1='<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
            '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>',
        ),
        "below row 20000",
    ),
    "columns to the end of the world": (
        as_xlsx([["name", "region"], ["A", "Africa", *[""] * 70, "far"]]), "64 columns"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), FILES.values(), ids=FILES.keys())
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(content, said):
    with pytest.raises(Unreadable) as refusal:
        read_upload(io.BytesIO(content))

    (sentence,) = refusal.value.messages
    assert said in sentence
    assert sentence.endswith(".")


@pytest.fixture
def browser(secretariat) -> Client:
    client = Client()
    client.force_login(secretariat)
    return client


@pytest.mark.parametrize(
    "content", [FILES[name][0] for name in ("empty", "a zip bomb", "100,000 rows", "a broken UTF-8")]
)
def test_the_sentence_stands_beside_the_field_of_the_page(browser, content):
    answer = browser.post(reverse("directory:imports"), {"file": SimpleUploadedFile("members.xlsx", content)})

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Import.objects.exists()


def test_fifty_megabytes_are_refused_before_they_are_read(browser):
    answer = browser.post(reverse("directory:imports"), {"file": SimpleUploadedFile("m.csv", b"a" * 50_000_000)})

    assert answer.status_code == 422
    assert "larger than 5 MB" in answer.context["form"].errors["file"][0]


def test_a_hostile_file_name_is_shown_as_what_it_is(browser):
    file = SimpleUploadedFile("members.csv", as_csv([one()]))
    file._name = "a\u202egpj.\x00<script>\n" + "x" * 400 + ".csv"

    answer = browser.post(reverse("directory:imports"), {"file": file}, follow=True)

    assert answer.status_code == 200
    run = Import.objects.get()
    assert len(run.file_name) <= 200
    assert not set(run.file_name) & set("\u202e\x00\n")
    assert b"<script>" not in answer.content.split(b"<main", 1)[1].split(b"</main", 1)[0]


def test_nothing_at_all_is_uploaded(browser):
    answer = browser.post(reverse("directory:imports"), {})

    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_the_network_stays_as_it_is_whatever_is_uploaded(browser):
    for name, (content, _said) in FILES.items():
        answer = browser.post(reverse("directory:imports"), {"file": SimpleUploadedFile("m.csv", content)})
        assert answer.status_code == 422, name

    assert not Organisation.objects.exists()


def test_the_hint_names_the_limits_that_are_in_force():
    hint = str(UploadForm.base_fields["file"].help_text)

    assert f"{table.ROWS:,} rows" in hint
    assert f"{table.BYTES // 1_000_000} MB" in hint


def test_a_full_table_of_long_cells_is_taken():
    row = dict.fromkeys(HEADINGS, "x" * 150) | {"name": "A Union", "region": "Africa"}
    content = as_csv([row] * table.ROWS)

    assert len(content) < table.BYTES
    assert len(read_upload(io.BytesIO(content)).rows) == table.ROWS


def test_the_real_file_weighs_a_hundredth_of_the_limit():
    assert REAL.stat().st_size * 100 < table.BYTES
