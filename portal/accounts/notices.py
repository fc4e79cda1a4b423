"""What people are told by mail when something about their account was changed: by whom it was not matters most."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The step of a recovery → subject, sentence, what the link says.
RECOVERY: Final[dict[str, tuple[Promise, Promise, Promise | str]]] = {
    "started": (
        _("Somebody of the Secretariat wants to let you in anew"),
        _(
            "Somebody of the Secretariat says that you lost your second factors, and started to let you set new ones. "
            "A second person there has to agree. If you did not ask for this, stop it now:"
        ),
        _("Stop it"),
    ),
    "confirmed": (
        _("The Secretariat lets you set new second factors"),
        _(
            "Two people of the Secretariat agreed that you lost your second factors. A link to set new ones comes to "
            "this address at the time below. If you did not ask for this, stop it before:"
        ),
        _("Stop it"),
    ),
    "open": (
        _("Set your new second factor"),
        _(
            "This link takes your lost second factors away and signs you in, so that you can set a new one. It asks "
            "for your password and works for three days:"
        ),
        _("Go on to a new second factor"),
    ),
    "cancelled": (
        _("Your second factors stay as they are"),
        _("The recovery of your account was stopped. Nothing was changed."),
        "",
    ),
    "finished": (
        _("Your second factors were taken away"),
        _(
            "Your account was recovered: its second factors were taken away, and all devices were signed out. If it "
            "was not you, lock your account at once and call the Secretariat."
        ),
        "",
    ),
}

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
