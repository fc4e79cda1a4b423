"""Everything that is held about one person, made from the declarations, so that nothing can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Field, Model, QuerySet, Window
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.privacy.selectors.declared import field_of, model_of, rows_of, ways_of
from portal.privacy.selectors.labels import label_of
from portal.registry import Erasure, RetentionRule, announced
from portal.ui.formats import day, join_words, moment, number

ROWS_SHOWN: Final = 20
"""So many rows of one kind on the page; all of them are in the export."""

EMPTY: Final = "–"


@dataclass(frozen=True)
class Held:
    """What one rule holds about the person. `rows` are texts in the order of `columns`, at most `ROWS_SHOWN`."""

    name: str
    columns: tuple[str, ...]
    purpose: str
    audience: str
    kept: str
    erased: str
    rows: list[list[str]]
    total: int

    @property
    def more(self) -> int:
        """How many rows there are beyond those shown."""
        return self.total - len(self.rows)

    @property
    def one(self) -> list[tuple[str, str]] | None:
        """Columns and values where there is a single row: shown as a list, not as a table."""
        return list(zip(self.columns, self.rows[0], strict=True)) if self.total == 1 else None


@dataclass(frozen=True)
class Category:
    """The rules that share a label."""

    label: str
    held: list[Held]

    @property
    def present(self) -> list[Held]:
        """What there is of the person."""
        return [held for held in self.held if held.total]

    @property
    def absent(self) -> list[Held]:
        """Of what there may be something, and is nothing to list now."""
        return [held for held in self.held if not held.total]


def categories(person: User) -> list[Category]:
    """All categories in the active language, in the order of the rules; one query for each rule."""
    found: dict[str, list[Held]] = {}
    for rule in announced.retention_rules:
        found.setdefault(str(rule.label), []).append(_held(rule, person))
    return [Category(label, held) for label, held in found.items()]


def _held(rule: RetentionRule, person: User) -> Held:
    fields = [field for field in fields_of(rule) if not _leads_only_to_the_reader(rule, field)]
    rows = list(_rows(rule, person).annotate(rows_in_all=Window(Count("pk")))[:ROWS_SHOWN])
    texts = [[shown(rule, field, row, person) for field in fields] for row in rows]
    # A row whose fields of this rule are all empty holds nothing, such as the moment of a lock that there is not.
    said = [row for row in texts if any(value != EMPTY for value in row)]
    return Held(
        name=rule.name,
        columns=tuple(label_of(field) for field in fields),
        purpose=str(rule.purpose),
        audience=str(rule.audience),
        kept=str(rule.rule),
        erased=what_erasure_does(rule),
        rows=said,
        total=rows[0].rows_in_all - len(texts) + len(said) if rows else 0,
    )


def _leads_only_to_the_reader(rule: RetentionRule, field: Field[Any, Any]) -> bool:
    """Whether `field` says "You" in each row, beside others that say something."""
    return len(rule.fields) > 1 and rule.rows is None and ways_of(rule) == (field.name,)


def all_rows(rule: RetentionRule, person: User) -> Iterator[Any]:
    """Every row of `rule` about `person`, for the export."""
    return _rows(rule, person).iterator(chunk_size=500)


def fields_of(rule: RetentionRule) -> list[Field[Any, Any]]:
    """The fields of `rule`, in the order declared."""
    model = model_of(rule)
    return [field_of(model, name) for name in rule.fields]


def _rows(rule: RetentionRule, person: User) -> QuerySet[Any]:
    related = [field.name for field in fields_of(rule) if field.related_model is not None]
    rows = rows_of(rule, person)
    return (rows.select_related(*related) if related else rows).order_by("pk")


def what_erasure_does(rule: RetentionRule) -> str:
    """One sentence, in the active language."""
    if rule.erasure == Erasure.DELETE:
        return _("It is deleted.")
    if rule.erasure == Erasure.BLANK:
        return _("It is emptied.")
    if rule.erasure == Erasure.SCRUB:
        return _("Your name, addresses and numbers are taken out of it.")
    return _("It stays: %(because)s") % {"because": rule.because}


def shown(rule: RetentionRule, field: Field[Any, Any], row: Model, reader: User) -> str:
    """The value of `field` in words, in the active language."""
    value = getattr(row, field.name)
    if value in (None, "", [], {}):
        return EMPTY
    if field.name in rule.secret:
        return _("Held, shown to nobody")
    if field.name in rule.words:
        return str(rule.words[field.name](row)) or EMPTY
    if isinstance(value, User):
        return _("You") if value.pk == reader.pk else str(value)
    if field.choices and not isinstance(value, list):
        return str(dict(field.flatchoices).get(value, value))
    return text_of(value)


def text_of(value: Any) -> str:
    """Any value in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return join_words(text_of(item) for item in value) or EMPTY
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text_of(item)}" for key, item in value.items()) or EMPTY
    if isinstance(value, int):
        return number(value)
    return str(value)
