"""Tables as CSV and XLSX."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import get_language_bidi
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | None
Row = Sequence[Cell]

BOM: Final = "\ufeff"
"""Tells Excel that the file is UTF-8."""
LONGEST_CELL: Final = 32_767
"""Characters that Excel keeps of a cell."""
WIDEST_COLUMN: Final = 60
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML can hold, and so no workbook."""
_DANGEROUS: Final = re.compile(r"(^|;)(?=[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@\t\r＝＋－＠])")


def harmless(cell: Cell) -> str:
    """`cell` as text that no spreadsheet takes for a formula: an apostrophe before = + - @, tab or carriage return.

    Also where they follow white space or invisible characters, which some programs strip, in their full width form,
    and after a semicolon, at which Excel parts cells in many languages. Source: OWASP, "CSV Injection".
    """
    return _DANGEROUS.sub(r"\1'", cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def csv_file(header: Row, rows: Iterable[Row]) -> bytes:
    """The table as CSV (RFC 4180): UTF-8 with a byte order mark, commas, CRLF."""
    file = io.StringIO(newline="")
    file.write(BOM)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def xlsx_file(title: str, header: Row, rows: Sequence[Row]) -> bytes:
    """The table as a workbook with one sheet, from right to left where the active language is.

    Texts are written as texts: none is a formula, a number or a link.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.freeze_panes = "B2"
    for number, width in enumerate(_widths(header, rows), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_cell(sheet, cell, bold=True) for cell in header])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: object, value: Cell, *, bold: bool = False) -> WriteOnlyCell:
    if value is None or isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, _NOT_XML.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"  # openpyxl takes a text that begins with "=" for a formula
    if bold:
        cell.font = Font(bold=True)
    return cell


def _widths(header: Row, rows: Sequence[Row]) -> list[int]:
    lengths = (max(len(str(cell or "")) for cell in column) for column in zip(header, *rows, strict=True))
    return [min(length + 2, WIDEST_COLUMN) for length in lengths]
