"""What is asked to recover an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

REASON_CHARACTERS = 500


class RecoveryStartForm(forms.Form):
    """Why, for the second person and for later."""

    error_title = _("The recovery is not started yet")

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("How you know that it is them, and what was lost. The second person and they themselves read it."),
    )


class RecoverForm(forms.Form):
    """The password, by which the link alone is not enough."""

    error_title = _("You are not signed in yet")

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "data-reveal": _("Show")}),
    )
