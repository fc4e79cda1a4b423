"""Fields and labels that the forms of the accounts share."""

import json
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CODE_CHARACTERS = 64
CREDENTIAL_CHARACTERS = 20_000


def relabel(form: forms.BaseForm, **labels: Any) -> None:
    """Give fields of an allauth form our labels, drop placeholders that only repeat them, let passwords be shown."""
    for name, label in labels.items():
        if name in form.fields:
            field = form.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["data-reveal"] = _("Show")


class CodeField(forms.CharField):
    """A code from an authenticator app or a recovery code, in whatever digits the keyboard writes."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        widget = forms.TextInput(attrs=attributes)
        super().__init__(max_length=CODE_CHARACTERS, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """The code in ASCII, without the spaces that people write between groups of digits."""
        typed = "".join(str(super().to_python(value) or "").split())
        code = "".join(str(unicodedata.digit(sign, sign)) for sign in typed)
        if not code.isascii():
            raise ValidationError(_("A code consists of digits."), code="invalid")
        return code


class CredentialField(forms.CharField):
    """What the browser says about a passkey, as JSON; written by script, so nobody sees it or corrects it."""

    def __init__(self, **kwargs: Any) -> None:
        messages = dict.fromkeys(("required", "max_length", "invalid"), _("The browser gave no passkey. Try again."))
        widget = forms.HiddenInput(attrs={"data-credential": ""})
        super().__init__(max_length=CREDENTIAL_CHARACTERS, widget=widget, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> dict[str, Any]:
        """A JSON object with any content. Raises ValidationError for all else, however deep or long."""
        text = super().clean(value)
        try:
            credential = json.loads(text)
        except (ValueError, RecursionError):
            credential = None
        if not isinstance(credential, dict) or not credential:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return credential

    def bound_data(self, data: Any, initial: Any) -> str:
        """A credential that was not accepted is of no more use."""
        return ""
