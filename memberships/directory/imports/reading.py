"""From an uploaded file to rows that can be compared."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from memberships.directory.imports import delimited, workbook
from memberships.directory.imports.columns import Columns, columns_of, known_heading, read_row
from memberships.directory.imports.planning import Row
from memberships.directory.imports.table import BYTES, Table, Unreadable


@dataclass(frozen=True, slots=True)
class Upload:
    """What was read from a file."""

    rows: Sequence[Row]
    columns: Columns
    read_as: dict[str, Any]
    sha256: str


def read_upload(file: IO[bytes]) -> Upload:
    """Read a CSV or XLSX table; which of them it is, its content tells and not its name. Raises Unreadable."""
    file.seek(0)
    content = file.read(BYTES + 1)
    if len(content) > BYTES:
        raise too_heavy()
    table = _table(file, content)
    columns = columns_of(table)
    rows = []
    for record in table.records:
        values, problems = read_row(record, columns, len(table.headings))
        rows.append(Row(record.number, values, [problem.as_json() for problem in problems]))
    return Upload(rows, columns, dict(table.read_as), hashlib.sha256(content).hexdigest())


def too_heavy() -> Unreadable:
    """The refusal of a file that is larger than a table of organisations can be."""
    return Unreadable(
        _("The file is larger than %(limit)s MB. A table without pictures is far smaller.")
        % {"limit": BYTES // 1_000_000}
    )


def _table(file: IO[bytes], content: bytes) -> Table:
    if not content.strip(b"\0 \r\n\t"):
        raise Unreadable(_("The file is empty."))
    if content.startswith(workbook.MARK):
        return workbook.read(file)
    return delimited.read(content, known_heading)
