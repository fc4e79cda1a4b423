"""Inviting organisations, people and guests; naming colleagues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from memberships.people.forms.names import NameField
from memberships.people.models import Affiliation
from portal.accounts.models import User
from portal.ui.widgets import Checkboxes, RadioCards, Segmented
from workspaces.groups.forms.coming import LONGEST_WORDS
from workspaces.groups.forms.said import day_field


def words_field() -> forms.CharField:
    return forms.CharField(
        label=_("A few words with it"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class _InviteForm(forms.Form):
    """One of those who were found by a search, `found`: pk → name and what is said beside it."""

    chosen: forms.ChoiceField
    q = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    words = words_field()

    def __init__(self, *args: Any, found: Mapping[int, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["chosen"]
        field.choices = [(str(pk), name) for pk, (name, _hint) in found.items()]  # type: ignore[attr-defined]
        field.widget.hints = {str(pk): hint for pk, (_name, hint) in found.items()}


class OrganisationInviteForm(_InviteForm):
    """An organisation to invite."""

    chosen = forms.ChoiceField(
        label=_("Organisation"),
        widget=RadioCards,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the organisations.")),
    )
    field_order = ("chosen", "words")


class PersonInviteForm(_InviteForm):
    """A person to invite."""

    chosen = forms.ChoiceField(
        label=_("Person"),
        widget=RadioCards,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the people.")),
    )
    field_order = ("chosen", "words")


class GuestForm(forms.Form):
    """Somebody from outside the network."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = NameField(label=_("Name"), max_length=150)
    guest_from = NameField(
        label=_("Where they come from"),
        max_length=120,
        help_text=_("Their organisation or profession. It stands beside their name wherever they speak."),
    )
    ends_on = day_field(label=_("Last day"), required=True, help_text=_("A year at most; it can be moved on (UTC)."))
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES, widget=Segmented)


class LastDayForm(forms.Form):
    """A guest's last day, moved."""

    ends_on = day_field(label=_("Last day"), required=True, help_text=_("A year at most; it can be moved on (UTC)."))


class ColleaguesForm(forms.Form):
    """Which of an organisation's people are to take part."""

    people = forms.TypedMultipleChoiceField(
        label=_("Colleagues"),
        coerce=int,
        widget=Checkboxes,
        error_messages={
            "required": _("Choose at least one colleague."),
            "invalid_choice": _("Choose a colleague who belongs to the organisation now."),
        },
    )

    def __init__(self, *args: Any, colleagues: Sequence[Affiliation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {row.person_id: row.person for row in colleagues}
        self.fields["people"].choices = [(pk, person.name) for pk, person in self._people.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[User]:
        """The people chosen; after `is_valid()`."""
        return [self._people[pk] for pk in self.cleaned_data["people"]]
