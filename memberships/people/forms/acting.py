"""For whom a person acts, asked in each dialog."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from memberships.people.selectors import Acting, acting_for, organisations_of
from memberships.people.selectors.acting import MYSELF
from portal.accounts.models import User
from portal.ui.widgets import ActingFor


class ActingForField(forms.TypedChoiceField):
    """For whom a person acts in a post, vote, signature or booking: one of their current affiliations.

    Who belongs to several organisations is asked each time and nothing is chosen in advance; who belongs to one
    finds it chosen. The cleaned value is an `Acting`, or None for "Myself" where `myself` offers that.
    """

    def __init__(self, *, person: User, myself: bool = False, **options: Any) -> None:
        self.person = person
        organisations = [acting.organisation for acting in organisations_of(person)]
        choices: list[tuple[str, Any]] = [
            (str(organisation.pk), organisation.display_name) for organisation in organisations
        ]
        if myself:
            choices.append((MYSELF, _("Myself")))
        only = choices[0][0] if len(choices) == 1 else ""
        if not only:
            choices.insert(0, ("", _("Choose for whom you act")))
        super().__init__(
            choices=choices,
            coerce=self._acting,
            empty_value=None,
            initial=only,
            label=options.pop("label", _("Acting for")),
            widget=options.pop("widget", ActingFor),
            error_messages={
                "required": _("Choose for whom you act."),
                "invalid_choice": _("You do not act for this organisation now. Choose another one."),
            },
            **options,
        )

    def _acting(self, value: str) -> Acting | None:
        return None if value == MYSELF else acting_for(self.person, int(value))


class ActingForForm(forms.Form):
    """A base for dialogs that ask for whom `actor` acts: `cleaned_data["acting_for"]`."""

    myself = False

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acting_for"] = ActingForField(person=actor, myself=self.myself)
