"""A table as it was uploaded: headings and rows of plain text, with what could not be read as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

BYTES: Final = 5_000_000
"""What an uploaded file may weigh. Its rows need a fifth of it."""
ROWS: Final = 2_000
"""Compared and shown within one request; twenty times the network."""
COLUMNS: Final = 64


class Unreadable(ValidationError):
    """The file as a whole cannot be taken; the message is a translated sentence for the person who uploaded it."""


def too_many_rows() -> Unreadable:
    """The refusal of a table that is longer than what is compared and shown in one go."""
    return Unreadable(_("The table has more than %(limit)s rows. Divide it into several files.") % {"limit": ROWS})


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `number` is the one that a spreadsheet shows, where the headings usually are in row 1."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    """Cells, by place, that hold no text: "formula" (not computed by us) or "error" (#N/A and the like)."""
    padded: bool = False
    """Whether cells at the end may be missing because they are empty; in a CSV file a missing cell is a mistake."""


@dataclass(frozen=True, slots=True)
class Table:
    """A readable table. Rows without any text are left out, yet they count in the numbers of the others."""

    headings: tuple[str, ...]
    records: Sequence[Record]
    read_as: Mapping[str, str]
    """{"format": "csv", "encoding", "separator"} or {"format": "xlsx", "sheet", "other_sheets"}."""
