"""For whom somebody speaks in a room, asked in each composer."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from portal.ui.widgets import ActingFor
from workspaces.chat import policies
from workspaces.chat.models import Room

MYSELF: Final = "myself"


class SpeakerField(forms.TypedChoiceField):
    """One of the organisations for which the person may speak in the room, or themselves where that is possible.

    `preferred` is chosen in advance where it is among them. The cleaned value is an Organisation, or None for
    themselves.
    """

    def __init__(self, *, person: User, room: Room, preferred: int | None = None, **options: Any) -> None:
        organisations, myself = policies.speaks_for(person, room)
        self.organisations = {str(one.pk): one for one in organisations}
        choices: list[tuple[str, Any]] = [(key, one.display_name) for key, one in self.organisations.items()]
        if myself:
            choices.append((MYSELF, _("Myself")))
        chosen = str(preferred) if str(preferred) in self.organisations else choices[0][0] if choices else ""
        super().__init__(
            choices=choices,
            coerce=self._organisation,
            empty_value=None,
            required=bool(choices),
            initial=chosen,
            label=options.pop("label", _("Acting for")),
            widget=options.pop("widget", ActingFor),
            error_messages={
                "required": _("Choose for whom you act."),
                "invalid_choice": _("You do not act for this organisation here. Choose another one."),
            },
            **options,
        )

    def _organisation(self, value: str) -> Organisation | None:
        return self.organisations.get(value)
