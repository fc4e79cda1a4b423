"""What is asked before somebody is erased."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User


class LeaveForm(forms.Form):
    """One's own address, typed once more, so that nobody leaves by a slip of the hand."""

    address = forms.CharField(
        label=_("Your e-mail address, to confirm"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    even_so = forms.BooleanField(
        label=_("Leave it to the Secretariat"),
        help_text=_("The Secretariat is told that something is left to settle."),
        required=False,
    )

    def __init__(self, *args: Any, person: User, unsettled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not unsettled:
            del self.fields["even_so"]

    def clean_address(self) -> str:
        """Whatever the case of its letters."""
        typed: str = self.cleaned_data["address"]
        if typed.strip().lower() != self.person.email.lower():
            raise forms.ValidationError(_("This is not the address of your account."))
        return typed

    def clean(self) -> dict[str, Any]:
        """What is unsettled is left only by who says so."""
        cleaned = super().clean() or {}
        if "even_so" in self.fields and not cleaned.get("even_so"):
            self.add_error("even_so", _("Settle it first, or choose to leave it to the Secretariat."))
        return cleaned


class EraseForm(forms.Form):
    """Why somebody is erased at once, and their address, typed."""

    address = forms.CharField(
        label=_("The person's e-mail address, to confirm"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the record, so do not name the person in it."),
        max_length=300,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_address(self) -> str:
        """Whatever the case of its letters."""
        typed: str = self.cleaned_data["address"]
        if typed.strip().lower() != self.person.email.lower():
            raise forms.ValidationError(_("This is not the address of that account."))
        return typed
