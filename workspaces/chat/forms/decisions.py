"""Proposing decisions, and what organisations say to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from portal.ui.widgets import RadioCards
from workspaces.chat.forms.messages import TextField, end_of
from workspaces.chat.models import Position
from workspaces.chat.services.deciding import USUAL


class OrganisationField(forms.TypedChoiceField):
    """One of the organisations for which the person may decide here."""

    def __init__(self, *, organisations: Sequence[Organisation], **options: Any) -> None:
        known = {str(one.pk): one for one in organisations}
        choices: list[tuple[str, Any]] = [(key, one.display_name) for key, one in known.items()]
        if len(choices) > 1:
            choices.insert(0, ("", _("Choose for whom you act")))
        super().__init__(
            choices=choices,
            coerce=lambda value: known[value],
            empty_value=None,
            initial=choices[0][0] if len(choices) == 1 else "",
            error_messages={
                "required": _("Choose for whom you act."),
                "invalid_choice": _("You do not act for this organisation here. Choose another one."),
            },
            **options,
        )


class ProposalForm(forms.Form):
    """A message that is there already, proposed as a decision."""

    until = forms.DateField(label=_("Open for objections until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["acting_for"] = OrganisationField(organisations=organisations, label=_("Acting for"))
        self.fields["until"].initial = (timezone.localtime() + USUAL).date().isoformat()

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {"acting_for": self.cleaned_data["acting_for"], "until": end_of(self.cleaned_data["until"])}


class PositionForm(forms.Form):
    """What one's organisation says to a proposed decision."""

    stance = forms.ChoiceField(
        label=_("Position"),
        choices=Position.Stance.choices,
        widget=RadioCards(
            hints={
                "agrees": _("It may be recorded as proposed."),
                "objects": _("It is not recorded unless this changes. The reason is shown to the group."),
            }
        ),
    )
    reason = TextField(
        label=_("Reason for objecting"),
        required=False,
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = OrganisationField(organisations=organisations, label=_("Acting for"))
        self.order_fields(["organisation", "stance", "reason"])
