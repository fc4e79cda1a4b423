"""Reading a CSV file."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from memberships.directory.imports.encoding import decode
from memberships.directory.imports.table import COLUMNS, ROWS, Record, Table, Unreadable, too_many_rows

SEPARATORS: Final = (",", ";", "\t")
# Excel's own way to say it, in a line before the headings.
_ANNOUNCED: Final = re.compile(r'"?sep=([,;\t])"?(?:\r\n|\r|\n)')


def read(content: bytes, known: Callable[[str], bool]) -> Table:
    """Return the table in `content`.

    `known` tells whether a heading is one of ours: of the separators the one is taken that gives most of them.
    Raises Unreadable.
    """
    text, encoding = decode(content)
    announced = _ANNOUNCED.match(text)
    separator = announced[1] if announced else _separator(text, known)
    if announced:
        text = text[announced.end() :]
    records = _records(text, separator, first=2 if announced else 1)
    headings = next(records, None)
    if headings is None:
        raise Unreadable(_("The file is empty."))
    return Table(
        headings=headings.cells,
        records=list(records),
        read_as={"format": "csv", "encoding": encoding, "separator": separator},
    )


def _separator(text: str, known: Callable[[str], bool]) -> str:
    first_line = text.lstrip().splitlines()[:1]

    def known_headings(separator: str) -> tuple[int, int]:
        cells = next(csv.reader(first_line, delimiter=separator), [])
        return sum(known(cell) for cell in cells), len(cells)

    return max(SEPARATORS, key=known_headings)


def _records(text: str, separator: str, *, first: int) -> Iterator[Record]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, given = first - 1, 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise Unreadable(
                _(
                    "Row %(row)s cannot be read: a quotation mark is missing or too many, or a cell is longer than "
                    "%(limit)s characters."
                )
                % {"row": number, "limit": csv.field_size_limit()}
            ) from error
        if cells is None:
            return
        if len(cells) > COLUMNS:
            raise Unreadable(_("Row %(row)s has more than %(limit)s columns.") % {"row": number, "limit": COLUMNS})
        if not any(cell.strip() for cell in cells):
            continue
        given += 1
        if given > ROWS + 1:
            raise too_many_rows()
        yield Record(number, tuple(cells))
