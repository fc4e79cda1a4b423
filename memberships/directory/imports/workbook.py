"""Reading an XLSX file: a zip archive of XML, so looked at from outside before anything in it is opened."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from memberships.directory.imports.table import COLUMNS, ROWS, Record, Table, Unreadable, too_many_rows

MARK: Final = b"PK\x03\x04"
MEMBERS: Final = 500
UNPACKED_BYTES: Final = 40_000_000
"""A sheet of 2,000 rows of 15 long cells unpacks to some 4 MB."""
# Where a sheet has its last formatted cell far below its last text, openpyxl makes up the empty rows between.
POSITIONS: Final = 20_000
FORMATTED: Final = 1_000  # columns beyond the last text may be coloured or framed


def read(file: IO[bytes]) -> Table:
    """Return the table on the first sheet of `file`. Formulas are not computed, nor is what Excel computed taken.

    Raises Unreadable for anything else than a workbook, for one that unpacks to more than `UNPACKED_BYTES`, and
    for tables that are too long or too wide.
    """
    _look_at_archive(file)
    try:
        return _read(file)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl answers broken files with whatever its innards raise
        raise Unreadable(
            _("This workbook is damaged and cannot be read. Open it, save it again as .xlsx or as CSV and upload that.")
        ) from error


def _look_at_archive(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(_("This workbook is damaged: it ends too early or is no .xlsx file.")) from error
    # zipfile never unpacks more of a member than is declared here, so the declaration may be trusted as a limit.
    if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise Unreadable(
            _("This workbook unpacks to more than %(limit)s MB. Leave only the table in it, without pictures.")
            % {"limit": UNPACKED_BYTES // 1_000_000}
        )
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise Unreadable(_("This is not an .xlsx workbook. Save the table as .xlsx or as CSV."))
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable(_("This workbook is locked by a password. Save it without one."))


def _read(file: IO[bytes]) -> Table:
    file.seek(0)
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise Unreadable(_("This workbook has no visible sheet."))
        sheet = sheets[0]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        records = _records(sheet)
        headings = next(records, None)
        if headings is None:
            raise Unreadable(_("The first sheet, “%(sheet)s”, is empty.") % {"sheet": sheet.title})
        return Table(
            headings=headings.cells,
            records=list(records),
            read_as={"format": "xlsx", "sheet": sheet.title, "other_sheets": str(len(sheets) - 1)},
        )
    finally:
        book.close()


def _records(sheet: Any) -> Iterator[Record]:
    given = 0
    for number, row in enumerate(sheet.iter_rows(min_row=1, min_col=1), start=1):
        if number > POSITIONS:
            raise Unreadable(
                _("The sheet goes on below row %(limit)s. Delete the rows below the table.") % {"limit": POSITIONS}
            )
        texts = [_text(cell.value) for cell in row[:FORMATTED]]
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        if len(texts) > COLUMNS or len(row) > FORMATTED:
            raise Unreadable(_("Row %(row)s has more than %(limit)s columns.") % {"row": number, "limit": COLUMNS})
        given += 1
        if given > ROWS + 1:
            raise too_many_rows()
        yield Record(number, tuple(texts), _faults(row), padded=True)


def _faults(row: Any) -> dict[int, str]:
    kinds = {"f": "formula", "e": "error"}
    return {place: kinds[cell.data_type] for place, cell in enumerate(row) if cell.data_type in kinds}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str | int | float | timedelta):
        return str(value)
    return str(getattr(value, "text", "") or "=")  # an array formula; its fault is told beside the row
