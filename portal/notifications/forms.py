"""Choosing what is mailed."""

from typing import Any

from django import forms

from portal.registry import announced
from portal.ui.widgets import Switch

PREFIX = "mailed-"


class MailForm(forms.Form):
    """One switch for each announced kind of notification. `mailed` holds what is in force."""

    def __init__(self, *args: Any, mailed: dict[str, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in announced.notification_kinds:
            self.fields[PREFIX + kind.name] = forms.BooleanField(
                label=str(kind.label), required=False, initial=mailed.get(kind.name, kind.mailed), widget=Switch()
            )

    def chosen(self) -> dict[str, bool]:
        """For each kind whether it is to be mailed; after `is_valid()`."""
        return {name.removeprefix(PREFIX): bool(value) for name, value in self.cleaned_data.items()}
