"""The record as a table to take away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.models import Entry
from portal.audit.selectors import Line, for_showing, lines
from portal.ui.tables import Row, csv_file, xlsx_file

AT_MOST: Final = 20_000
"""Entries of one file; more are taken in several, by dates."""
_AT_ONCE: Final = 1_000


class TooMany(Exception):
    """More entries than one file holds."""


class RecordFile(NamedTuple):
    """A file to send."""

    name: str
    media_type: str
    content: bytes


_MAKERS: Final[Mapping[str, tuple[str, Callable[[Row, list[Row]], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_file),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda header, rows: xlsx_file(_("Record"), header, rows),
    ),
}
FORMATS: Final = tuple(_MAKERS)


def make(entries: QuerySet[Entry], form: str) -> tuple[RecordFile, int]:
    """The file of `entries`, which their reader may read whole, and how many there are. Raises TooMany."""
    if entries[AT_MOST : AT_MOST + 1].exists():
        raise TooMany
    media_type, maker = _MAKERS[form]
    rows = [_row(line) for line in _lines(entries)]
    name = f"record-{timezone.now():%Y-%m-%d}.{form}"
    return RecordFile(name, media_type, maker(_header(), rows)), len(rows)


def _lines(entries: QuerySet[Entry]) -> Iterator[Line]:
    pages = Paginator(for_showing(entries), _AT_ONCE)
    for number in pages.page_range:
        yield from lines(list(pages.page(number).object_list), whole=True)


def _header() -> Row:
    return [
        _("Number"), _("When (UTC)"), _("Who"), _("Person’s number"), _("Acting for"), _("What"), _("Verb"),
        _("Kind"), _("To what"), _("Its number"), _("Details"), _("Details as they are kept"), _("Why"),
        _("Network"), _("Device"),
    ]  # fmt: skip


def _row(line: Line) -> Row:
    entry = line.entry
    return [
        line.number, entry.at.strftime("%Y-%m-%d %H:%M:%S"), line.who, entry.actor_id, entry.acting_for_name,
        str(line.act), entry.verb, str(line.kind), line.target, entry.target_id,
        "\n".join(f"{label}: {text}" for label, text in line.details),
        json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else "",
        line.why, line.network, line.device,
    ]  # fmt: skip
