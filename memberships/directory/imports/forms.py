"""Forms of the import: the file, the decisions about conflicting rows, the confirmation."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from memberships.directory.imports.planning import candidates
from memberships.directory.imports.reading import too_heavy
from memberships.directory.imports.table import BYTES
from memberships.directory.models import ImportRow
from memberships.organisations.models import Standing

Decision = ImportRow.Decision
LEAVE_OUT, ANOTHER, SAME = "leave", "another", "same-"


class UploadForm(forms.Form):
    """The table."""

    file = forms.FileField(
        label=gettext_lazy("Table of organisations"),
        help_text=gettext_lazy("CSV or XLSX, at most 2,000 rows and 5 MB. Nothing is changed before you confirm."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        allow_empty_file=True,  # the sentence about it is ours
    )

    def clean_file(self) -> UploadedFile:
        """Refuse by size before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > BYTES:
            raise too_heavy()
        return file


class Choices(forms.RadioSelect):
    """A few sentences to choose one of, close together."""

    template_name = "portal/ui/forms/checkboxes.html"


class DecisionsForm(forms.Form):
    """One question for each conflicting row of a page; what is not answered is left as it is."""

    def __init__(self, rows: Iterable[ImportRow], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for row in rows:
            if row.outcome == ImportRow.Outcome.CONFLICTING:
                self.fields[f"row-{row.number}"] = forms.ChoiceField(
                    label=_("What is row %(row)s?") % {"row": row.number},
                    choices=_choices(row),
                    initial=_initial(row),
                    widget=Choices,
                )

    def decisions(self) -> dict[int, tuple[str, int | None]]:
        """The answers by row number, as `import_decide` takes them."""
        return {int(name.removeprefix("row-")): _decision(answer) for name, answer in self.cleaned_data.items()}


class ConfirmForm(forms.Form):
    """What new organisations become, and which preview was looked at."""

    standing = forms.ChoiceField(
        label=gettext_lazy("Standing of new organisations"),
        help_text=gettext_lazy("The table does not say it. It begins without a date, as nobody recorded one."),
        choices=[
            *((kind.value, kind.label) for kind in Standing.Kind if kind != Standing.Kind.SUSPENDED),
            ("", gettext_lazy("None yet")),
        ],
        initial=Standing.Kind.FULL,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_standing(self) -> Standing.Kind | None:
        """The kind itself."""
        chosen = self.cleaned_data["standing"]
        return Standing.Kind(chosen) if chosen else None


def _choices(row: ImportRow) -> list[tuple[str, str]]:
    names = {
        problem["params"]["organisation"]: problem["params"]["name"]
        for problem in row.problems
        if "organisation" in problem["params"]
    }
    same = [(f"{SAME}{pk}", _("The same as %(name)s") % {"name": names[pk]}) for pk in candidates(row.problems)]
    another = [(ANOTHER, _("Another organisation, to be added"))] if "region" in row.values else []
    return [(LEAVE_OUT, _("Leave it out")), *same, *another]


def _initial(row: ImportRow) -> str:
    if row.decision == Decision.SAME:
        return f"{SAME}{row.organisation_id}"
    return ANOTHER if row.decision == Decision.ANOTHER else LEAVE_OUT


def _decision(answer: str) -> tuple[str, int | None]:
    if answer.startswith(SAME):
        return Decision.SAME, int(answer.removeprefix(SAME))
    return (Decision.ANOTHER if answer == ANOTHER else Decision.LEAVE_OUT), None
