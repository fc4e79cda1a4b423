"""Rows of an import as a page shows them, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from memberships.directory.imports.columns import REMARKS
from memberships.directory.imports.encoding import WESTERN
from memberships.directory.imports.planning import Outcome, candidates
from memberships.directory.imports.sentences import FIELDS, sentence
from memberships.directory.imports.vocabulary import alliance_labels, subject_labels
from memberships.directory.models import Import, ImportRow
from memberships.organisations.models import Region
from portal.ui.digits import localise_digits
from portal.ui.formats import join_words
from portal.ui.names import country_name, language_names

TAGS: Final[Mapping[str, tuple[str, str]]] = {
    Outcome.NEW: ("ok", "plus"),
    Outcome.CHANGED: ("info", "pencil"),
    Outcome.UNCHANGED: ("", "check"),
    Outcome.CONFLICTING: ("due", "question"),
    Outcome.WRONG: ("danger", "warning"),
}
_SEPARATORS: Final[Mapping[str, Promise]] = {
    ",": gettext_lazy("commas"), ";": gettext_lazy("semicolons"), "\t": gettext_lazy("tabs"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a row would change, or changed."""

    label: str
    before: str  # empty where nothing was known
    after: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that a conflicting row may be about."""

    name: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row. `field` is the question about a conflicting one, while it can be decided."""

    number: int
    name: str
    outcome: str
    label: str
    tag: str
    icon: str
    url: str
    sentences: Sequence[str]
    remarks: Sequence[str]
    differences: Sequence[Difference]
    candidates: Sequence[Candidate]
    facts: Sequence[str]  # what a new organisation is, or one that may be new, in a few words
    decision: str
    written: bool
    field: forms.BoundField | None


class Words:
    """Labels of shared things, read once for a page."""

    def __init__(self) -> None:
        language = get_language() or "en"
        self.subjects, self.alliances = subject_labels(language), alliance_labels(language)

    def text(self, field: str, value: Any) -> str:
        """The value of a field as a reader knows it; nothing for nothing."""
        if value in (None, "", []):
            return ""
        match field:
            case "country":
                return country_name(value)
            case "region":
                return str(Region(value).label)
            case "languages":
                return language_names(value)
            case "subjects":
                return join_words(self.subjects.get(slug, slug) for slug in value)
            case "alliances":
                return join_words(self.alliances.get(slug, slug) for slug in value)
            case "founded_year" | "joined_year":
                return localise_digits(value)
        return str(value)

    def facts(self, values: Mapping[str, Any]) -> list[str]:
        """What tells an organisation from others, in a few words."""
        found = (
            self.text(field, values.get(field)) for field in ("acronym", "city", "country", "region", "joined_year")
        )
        return [text for text in found if text]

    def differences(self, changes: Mapping[str, Any]) -> list[Difference]:
        """What changes, in the order of a profile."""
        return [
            Difference(str(FIELDS[field]), self.text(field, changes[field][0]), self.text(field, changes[field][1]))
            for field in FIELDS
            if field in changes
        ]


def rows_shown(rows: Iterable[ImportRow], form: forms.Form | None) -> list[RowShown]:
    """The rows with all that is said about them; `form` holds the questions, None where nothing can be decided."""
    words = Words()
    return [_shown(row, words, form) for row in rows]


def _shown(row: ImportRow, words: Words, form: forms.Form | None) -> RowShown:
    tag, icon = TAGS[row.outcome]
    is_question = row.outcome == Outcome.CONFLICTING
    name = f"row-{row.number}"
    return RowShown(
        number=row.number,
        name=str(row.values.get("name") or _("Row without a name")),
        outcome=row.outcome,
        label=str(Outcome(row.outcome).label),
        tag=tag,
        icon=icon,
        url=row.organisation.get_absolute_url() if row.organisation else "",
        sentences=[sentence(problem) for problem in row.problems if problem["code"] not in REMARKS],
        remarks=[sentence(problem) for problem in row.problems if problem["code"] in REMARKS],
        differences=words.differences(row.changes),
        candidates=[
            Candidate(about["name"], words.differences(about["changes"])) for about in candidates(row.problems).values()
        ],
        facts=words.facts(row.values) if is_question or row.outcome == Outcome.NEW else [],
        decision=str(ImportRow.Decision(row.decision).label) if is_question else "",
        written=row.written,
        field=form[name] if form is not None and name in form.fields else None,
    )


def read_as(run: Import) -> list[str]:
    """How the file was understood, as sentences: what was taken for granted can be checked."""
    told = run.read_as
    if told.get("format") == "xlsx":
        said = [_("Read from the sheet “%(sheet)s” of a workbook.") % {"sheet": told["sheet"]}]
        if told["other_sheets"] != "0":
            said.append(_("Its other sheets were not read."))
    else:
        as_text = {"encoding": told.get("encoding", "").upper(), "separator": _SEPARATORS[told.get("separator", ",")]}
        said = [_("Read as text in %(encoding)s, separated by %(separator)s.") % as_text]
        if told.get("encoding") == WESTERN:
            said.append(_("Such files do not say their encoding. Look at the accents before you import."))
    for columns, about_columns in (
        (run.ignored_columns, _("Not imported, for they say nothing about the organisation: %(columns)s.")),
        (run.unknown_columns, _("Columns that are not known and were left out: %(columns)s.")),
    ):
        if columns:
            said.append(about_columns % {"columns": join_words(columns)})
    return said
