"""Tables of organisations as somebody might upload them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

import memberships.directory

REAL = Path(memberships.directory.__file__).parent / "data" / "members.csv"
HEADINGS = (
    "name", "acronym", "native_name", "country", "country_code", "city", "region", "website", "languages", "focus",
    "joined_year", "alliance",
)  # fmt: skip


def real_rows() -> list[dict[str, str]]:
    """The rows of the real file."""
    with REAL.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(
    rows: Iterable[Mapping[str, str]],
    *,
    headings: Sequence[str] | None = None,
    encoding: str = "utf-8",
    separator: str = ",",
) -> bytes:
    """The rows as a CSV file; headings are the first row's keys where none are given."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings or list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(table: Iterable[Sequence[object]], *, title: str = "Members", more_sheets: int = 0) -> bytes:
    """The table, headings first, as a workbook."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in table:
        sheet.append(list(row))
    for number in range(more_sheets):
        book.create_sheet(f"Other {number}")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def one(**cells: str) -> dict[str, str]:
    """One row with a name and a region, and what `cells` say."""
    return {"name": "Sample Voices", "region": "Africa", **cells}


def bomb(size: int = 60_000_000) -> bytes:
    """A small workbook that unpacks to `size` bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return buffer.getvalue()


def replaced(content: bytes, **members: str) -> bytes:
    """The workbook with some of its members replaced; `__` in a name stands for a slash, the suffix is .xml."""
    source, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    wanted = {name.replace("__", "/") + ".xml": text for name, text in members.items()}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.namelist():
            archive.writestr(member, wanted.get(member, source.read(member)))
    return buffer.getvalue()
