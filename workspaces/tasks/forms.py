"""The forms of tasks. Whom a task may be given to are the participants of now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.preferences import language_choices
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import current_participations
from workspaces.tasks.models import LONGEST_TITLE, Task


class ParticipantField(forms.ChoiceField):
    """One of those who take part in a group now, or nobody. The cleaned value is their `Participation`, or None.

    The values are their numbers within the group.
    """

    def __init__(self, *, workspace: Workspace, **options: Any) -> None:
        there = current_participations().filter(workspace_id=workspace.pk).select_related("person", "organisation")
        self.places = {str(place.number): place for place in there.order_by("person__name", "pk")}
        nobody = pgettext_lazy("who does a task", "Nobody yet")
        choices = [("", nobody), *((number, _called(place)) for number, place in self.places.items())]
        sentence = {"invalid_choice": _("This person does not take part any more. Choose somebody else.")}
        super().__init__(choices=choices, required=False, error_messages=sentence, **options)

    def clean(self, value: Any) -> Participation | None:
        return self.places.get(super().clean(value))

    def number_of(self, person_id: int | None) -> str:
        """The value for somebody, "" for nobody and for who does not take part."""
        return next((number for number, place in self.places.items() if place.person_id == person_id), "")


def _called(place: Participation) -> str:
    of = place.organisation.display_name if place.organisation else place.guest_from if place.is_guest else ""
    return f"{place.person.name} · {of}" if of else place.person.name


class TaskForm(forms.Form):
    """What is to be done, by whom, until when; a new task, or `task` to be changed."""

    title = forms.CharField(
        label=_("What is to be done"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say what is to be done.")},
    )
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "narrow-input"}, format="%Y-%m-%d"),
        help_text=_("Whoever has it is reminded at 8:00 the day before and on the day, by the clock where they are."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"dir": "auto", "rows": 5})
    )
    language = forms.ChoiceField(label=_("Language of these words"), required=False, choices=language_choices)

    def __init__(self, *args: Any, workspace: Workspace, task: Task | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        place = ParticipantField(workspace=workspace, label=_("Who does it"))
        self.fields["assignee"] = place
        self.order_fields(["title", "assignee", "due_on", "note", "language"])
        if task is None:
            spoken, first = get_language() or "en", workspace.languages[0] if workspace.languages else "en"
            self.initial["language"] = spoken if spoken in workspace.languages else first
            return
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
        self.initial.update(
            version=task.version,
            assignee=place.number_of(task.assignee_id),
            **{name: getattr(task, name) for name in ("title", "due_on", "note", "language")},
        )


class AssignForm(forms.Form):
    """Who has a task."""

    def __init__(self, *args: Any, workspace: Workspace, task: Task, **options: Any) -> None:
        super().__init__(*args, **options)
        place = ParticipantField(workspace=workspace, label=_("Give it to"))
        self.fields["assignee"] = place
        self.initial["assignee"] = place.number_of(task.assignee_id)
