"""allauth's forms for second factors, in the house's words, and safe from whatever is sent in place of a passkey."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn import forms as passkeys
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import CodeField, CredentialField
from portal.accounts.models import User
from portal.accounts.services import guesses
from portal.accounts.services.factors import LAST, code_accept, counter_of
from portal.accounts.services.refusals import code_refused, codes_slowed

NAME_CHARACTERS = 60
NEW_APP = "accounts.new_factor"
"""The session keeps under it the secret of an app that is being added, closed like those that were."""


class _Code(forms.Form):
    """A code that works once (`portal.accounts.services.factors`), with a limit to guessing."""

    user: User
    is_again = False

    def clean_code(self) -> str:
        """The code, used up. Raises ValidationError for a wrong or used one, and where there were too many."""
        request = context.request
        attempt = guesses.again_try(request) if self.is_again else guesses.code_try(request, person=self.user)
        if attempt is None:
            codes_slowed(self.user)
            raise account_adapter().validation_error("too_many_login_attempts")
        code = str(self.cleaned_data["code"])
        factor = code_accept(self.user, code=code)
        if factor is None:
            code_refused(self.user)
            raise get_adapter().validation_error("incorrect_code")
        attempt.take_back()
        factor.user = self.user
        self.authenticator = factor
        return code


class CodeForm(_Code, codes.AuthenticateForm):
    """A code at sign-in."""

    error_title = _("You are not signed in yet")
    code = CodeField(label=_("Code"), help_text=_("From your authenticator app, or one of your recovery codes."))


class CodeAgainForm(_Code, codes.ReauthenticateForm):
    """A code once more, before something that matters."""

    is_again = True
    code = CodeField(label=_("Code"), help_text=_("From your authenticator app, or one of your recovery codes."))


class ActivateAppForm(totp.ActivateTOTPForm):
    """The first code of a new authenticator app proves that it works, and is used up by that."""

    code = CodeField(label=_("Code that the app shows"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        # Not allauth's: it would keep the secret readable in the session, which is a row of the database.
        forms.Form.__init__(self, *args, **kwargs)
        self.user = user
        self.secret = _secret_in_session(keep=self.is_bound)

    def clean_code(self) -> str:
        """The code, if it is one of the new secret. Raises ValidationError."""
        self.counter = counter_of(str(self.cleaned_data["code"]), secret=self.secret)
        if self.counter is None:
            raise get_adapter().validation_error("incorrect_code")
        return str(self.cleaned_data["code"])

    def use_up(self) -> None:
        """Note in the app that was added that this code was used."""
        context.request.session.pop(NEW_APP, None)
        app = Authenticator.objects.get(user_id=self.user.pk, type=Authenticator.Type.TOTP)
        app.data[LAST] = self.counter
        app.save(update_fields=["data"])


def _secret_in_session(*, keep: bool) -> str:
    """The secret that the page shows: the one shown before where `keep`, otherwise a new one."""
    session = context.request.session
    if keep and NEW_APP in session:
        try:
            return decrypt(session[NEW_APP])
        except ValueError:  # the key was changed meanwhile: the page shows another code to scan
            pass
    secret = generate_totp_secret()
    session[NEW_APP] = encrypt(secret)
    return secret


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
    """A passkey once more, before something that matters; enough alone where the device asked who holds it."""

    def clean_credential(self) -> Any:
        """The authenticator; notes whether there was a PIN, a fingerprint or a face."""
        given = self.cleaned_data["credential"]
        authenticator = super().clean_credential()
        response = parse_authentication_response(given).response
        self.passwordless = response.authenticator_data.is_user_verified()
        return authenticator


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
