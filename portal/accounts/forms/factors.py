"""allauth's forms for second factors, in the house's words, and safe from whatever is sent in place of a passkey."""

from typing import Any

from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import CodeField, CredentialField

NAME_CHARACTERS = 60


class CodeForm(codes.AuthenticateForm):
    """A code at sign-in."""

    error_title = _("You are not signed in yet")
    code = CodeField(label=_("Code"), help_text=_("From your authenticator app, or one of your recovery codes."))


class CodeAgainForm(codes.ReauthenticateForm):
    """A code once more, before something that matters."""

    code = CodeField(label=_("Code"), help_text=_("From your authenticator app, or one of your recovery codes."))


class ActivateAppForm(totp.ActivateTOTPForm):
    """The first code of a new authenticator app proves that it works."""

    code = CodeField(label=_("Code that the app shows"))


class _Passkey(forms.Form):
    """Whatever the decoder stumbles over, or a signature that does not match, is a passkey that was not accepted."""

    def refused(self) -> ValidationError:
        """The sentence for it."""
        return ValidationError(_("The passkey was not accepted. Try again, or use another way."), code="refused")


class _UsedPasskey(_Passkey):
    credential = CredentialField()

    def clean_credential(self) -> Any:
        """The authenticator. The content comes from anywhere, so nothing is assumed about how decoding it fails."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's form comes next
        except ValidationError:
            raise
        except Exception as error:
            raise self.refused() from error


class PasskeySignInForm(_UsedPasskey, passkeys.LoginWebAuthnForm):
    """Signing in by passkey alone."""


class PasskeyFactorForm(_UsedPasskey, passkeys.AuthenticateWebAuthnForm):
    """A passkey or security key as second factor."""


class PasskeyAgainForm(_UsedPasskey, passkeys.ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""


class PasskeyAddForm(_Passkey, passkeys.AddWebAuthnForm):
    """A new passkey or security key."""

    name = forms.CharField(
        label=_("Name of the key"),
        required=False,
        max_length=NAME_CHARACTERS,
        help_text=_("By which you will know it, such as “Blue key” or “My phone”."),
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with this key alone"),
        required=False,
        help_text=_("Without a password. The device then asks for its PIN, a fingerprint or a face."),
    )
    credential = CredentialField()
    field_order = ("name", "passwordless")

    def clean(self) -> dict[str, Any]:
        """As allauth does it, whatever the browser sent."""
        try:
            return dict(super().clean() or {})
        except ValidationError:
            raise
        except Exception as error:
            raise self.refused() from error


class PasskeyRenameForm(passkeys.EditWebAuthnForm):
    """Another name for a key."""

    name = forms.CharField(label=_("Name of the key"), max_length=NAME_CHARACTERS)
