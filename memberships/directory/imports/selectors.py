"""Reads about imports: the list, and one with what its rows would do or did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from memberships.directory.imports import policies
from memberships.directory.imports.planning import Outcome, Row, left_out
from memberships.directory.models import Import, ImportRow
from memberships.people.policies import Reader

ROWS_KEPT_DAYS: Final = 365
"""So long, from the upload on, it is kept what an imported table held."""

ORDER = (Outcome.WRONG, Outcome.CONFLICTING, Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED)
"""What needs a person first."""


def imports(actor: Reader) -> QuerySet[Import]:
    """The imports, latest first, with who uploaded and decided, and `written_count`, how many rows were written."""
    return (
        policies.visible_to(actor)
        .select_related("uploaded_by", "decided_by")
        .order_by("-uploaded_at", "-pk")
        .annotate(row_count=Count("rows"), written_count=Count("rows", filter=Q(rows__written=True)))
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of an import."""

    outcomes: Mapping[str, int]
    creates: int
    updates: int
    left_out: int

    @property
    def writes(self) -> int:
        """How many organisations confirming would touch, or did touch."""
        return self.creates + self.updates


def counts(rows: Sequence[Row]) -> Counts:
    """Count what `rows` are and what confirming them would do."""
    return Counts(
        outcomes={outcome.value: sum(row.outcome == outcome for row in rows) for outcome in ORDER},
        creates=sum(row.creates for row in rows),
        updates=sum(row.updates for row in rows),
        left_out=left_out(rows),
    )


def rows_of(run: Import, outcome: str = "") -> QuerySet[ImportRow]:
    """The rows to show, those that need a person first; of one outcome where given, else all but the unchanged."""
    severity = Case(
        *(When(outcome=kind, then=Value(place)) for place, kind in enumerate(ORDER)), output_field=IntegerField()
    )
    rows = run.rows.filter(outcome=outcome) if outcome else run.rows.exclude(outcome=Outcome.UNCHANGED)
    return rows.select_related("organisation").order_by(severity, "number")


def import_rows_due(now: datetime) -> QuerySet[ImportRow]:
    """Rows whose contents nobody needs any more at `now`: their table was uploaded a year ago."""
    return ImportRow.objects.filter(run__uploaded_at__lt=now - timedelta(days=ROWS_KEPT_DAYS))
