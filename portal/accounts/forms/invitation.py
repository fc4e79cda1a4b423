"""What a new person gives when accepting an invitation."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.preferences import language_choices
from portal.accounts.models import Invitation, User
from portal.accounts.validators import validate_name


class AcceptForm(forms.Form):
    """Name, password and language; the address is the one invited."""

    error_title = _("Your account is not made yet")

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        validators=[validate_name],
        help_text=_("As your colleagues know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        help_text=password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-reveal": _("Show")}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, help_text=_("Of pages and of mails."))

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Neither short, nor common, nor like the name or the address."""
        password = str(self.cleaned_data["password"])
        person = User(email=self.invitation.email, name=str(self.cleaned_data.get("name", "")))
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return password
