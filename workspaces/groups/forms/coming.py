"""Coming in, answering, and saying why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from memberships.people.selectors.acting import MYSELF
from portal.ui.widgets import ActingFor
from workspaces.groups.services.state import LONGEST_NOTE

LONGEST_WORDS: Final = 1000


class EntranceForm(forms.Form):
    """For whom somebody comes in, or asks to; `words` only where an answer is needed."""

    acting_for = forms.ChoiceField(
        label=_("Acting for"),
        widget=ActingFor,
        error_messages={
            "required": _("Choose for whom you act."),
            "invalid_choice": _("You cannot take part in this group in that way."),
        },
    )
    words = forms.CharField(
        label=_("A few words to those who decide"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(
        self, *args: Any, organisations: Sequence[Organisation], alone: bool, asks: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._organisations = {str(one.pk): one for one in organisations}
        choices: list[tuple[str, Any]] = [(pk, one.display_name) for pk, one in self._organisations.items()]
        choices += [(MYSELF, _("Myself"))] if alone else []
        if len(choices) == 1:
            self.fields["acting_for"].initial = choices[0][0]
        else:
            choices.insert(0, ("", _("Choose for whom you act")))
        self.fields["acting_for"].choices = choices  # type: ignore[attr-defined]
        if not asks:
            del self.fields["words"]

    @property
    def organisation(self) -> Organisation | None:
        """The organisation chosen, None for oneself; after `is_valid()`."""
        return self._organisations.get(self.cleaned_data["acting_for"])


class AnswerForm(forms.Form):
    """Yes or no, and why."""

    answer = forms.ChoiceField(choices=[("accepted", ""), ("declined", "")])
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class ReasonForm(forms.Form):
    """Why somebody is taken out of a group."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("They read it in their notifications."),
    )


class NoteForm(forms.Form):
    """What is noted when a group changes its state."""

    note = forms.CharField(max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}))

    def __init__(self, *args: Any, label: Any, hint: Any = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label
        self.fields["note"].help_text = hint
        self.fields["note"].required = required
