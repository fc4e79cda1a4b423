"""What people are told by mail when something about their account was changed: by whom it was not matters most."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# allauth's name of the mail, without its directory → subject, sentence.
NOTICES: Final[dict[str, tuple[Promise, Promise]]] = {
    "password_changed": (_("Your password was changed"), _("The password of your account was changed.")),
    "password_set": (_("A password was set"), _("A password was set for your account.")),
    "password_reset": (
        _("Your password was changed"),
        _("The password of your account was reset through a link sent by mail."),
    ),
    "email_changed": (
        _("Your address was changed"),
        _("Your account now has another e-mail address. Mail no longer goes to this one."),
    ),
    "email_deleted": (_("An address was removed"), _("An e-mail address was removed from your account.")),
    "totp_activated": (
        _("An authenticator app was added"),
        _("Signing in to your account now also works with codes of an authenticator app."),
    ),
    "totp_deactivated": (
        _("The authenticator app was removed"),
        _("Codes of the authenticator app no longer work for your account."),
    ),
    "recovery_codes_generated": (
        _("You have new recovery codes"),
        _("New recovery codes were made for your account. The old ones no longer work."),
    ),
    "lockdown_code_made": (
        _("You have a new lock-down code"),
        _("A new code was made that locks your account. The one before it no longer works."),
    ),
    "webauthn_added": (_("A passkey was added"), _("A passkey or security key was added to your account.")),
    "webauthn_removed": (_("A passkey was removed"), _("A passkey or security key was removed from your account.")),
}
