"""allauth's forms for signing in, addresses and passwords, in the house's words."""

from typing import Any

from allauth.account import forms as allauth
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import relabel
from portal.accounts.services.guesses import reset_try
from portal.accounts.tasks import password_reset_mail

NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password, once more")}


class SignInForm(allauth.LoginForm):
    """Address and password."""

    error_title = _("You are not signed in yet")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, login=_("E-mail address"), password=_("Password"))
        # "webauthn" lets the browser offer passkeys among the addresses it knows.
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "dir": "ltr"}


class ReauthenticateForm(allauth.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, password=_("Password"))


class AddressForm(allauth.AddEmailForm):
    """The address a person wants to change to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, email=_("New e-mail address"))
        self.fields["email"].widget.attrs["dir"] = "ltr"


class PasswordChangeForm(allauth.ChangePasswordForm):
    """The old password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, oldpassword=_("Current password"), **NEW_PASSWORD)


class PasswordSetForm(allauth.SetPasswordForm):
    """A first password, for someone who has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, **NEW_PASSWORD)


class PasswordFromKeyForm(allauth.ResetPasswordKeyForm):
    """A new password, by a link from a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, **NEW_PASSWORD)


class PasswordResetForm(allauth.ResetPasswordForm):
    """To which address the link is to go. Whether anyone has an account there is found out by the job, not here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, email=_("E-mail address"))
        self.fields["email"].widget.attrs["dir"] = "ltr"

    def clean_email(self) -> str:
        """The address in lower case."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Queue the mail, whoever's address it is, unless several went there lately; the answer is the same."""
        email = str(self.cleaned_data["email"])
        if reset_try(email=email):
            password_reset_mail.defer(email=email)
        return email
