"""Lists carried away: what was exported is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from memberships.directory.exports.organisations import OrganisationExport
from memberships.directory.exports.people import PeopleExport
from portal.accounts.models import User
from portal.audit.services import record
from portal.ui.tables import csv_file, xlsx_file

Export = OrganisationExport | PeopleExport


@dataclass(frozen=True)
class ExportFile:
    """A file to send. `content` is held whole: the longest list is a few MB, and half a file must not look like one."""

    name: str
    media_type: str
    content: bytes


_MAKERS: Final[Mapping[str, tuple[str, Callable[[Export], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", lambda export: csv_file(export.header(), export.table())),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda export: xlsx_file(export.title, export.header(), list(export.table())),
    ),
    "vcf": ("text/vcard; charset=utf-8", lambda export: export.cards().encode()),
}
FORMATS: Final = tuple(_MAKERS)


@transaction.atomic
def export_make(actor: User, *, export: Export, form: str, subject: str, filters: Mapping[str, object]) -> ExportFile:
    """Make the file of `export` as `form` (one of `FORMATS`) and record who took how many of what.

    `subject` names the list ("organisations", "people"), `filters` what it was narrowed by: both are recorded, what
    the file holds is not.
    """
    media_type, make = _MAKERS[form]
    content = make(export)
    details = {"list": subject, "format": form, "count": len(export.rows), "filters": dict(filters)}
    record(actor, verb="export.made", details=details)
    return ExportFile(f"{subject}-{timezone.now():%Y-%m-%d}.{form}", media_type, content)
