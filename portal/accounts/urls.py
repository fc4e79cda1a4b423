"""All ways into an account, one by one: allauth's pages are named here instead of included, so that none exists
that the house does not want (no sign-up, no social accounts, no codes by mail).

allauth's own names are global, as its code expects; ours are in the namespace "accounts". What changes an account
happens in one transaction with its mails and its entry in the record.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from portal.access.guards import public, signed_in
from portal.access.stepup import fresh_proof
from portal.accounts.views import factors as own_factors
from portal.accounts.views import invitations, lockdown, preferences, recovery, stepup

View = Callable[..., Any]

SEEING_CODES = "recovery_codes.see"


def everybody(view: View) -> View:
    """One of allauth's pages for those who are not signed in (yet)."""
    return public(never_cache(transaction.atomic(view)))


def own(view: View, act: str = "") -> View:
    """One of allauth's pages about the reader's own account; behind a fresh proof where it carries out an act."""
    guarded = fresh_proof(act)(view) if act else view
    return signed_in(never_cache(transaction.atomic(guarded)))


def entrance(view: View) -> View:
    """A page where passwords or codes are tried. What is counted of that must stay counted whatever happens then, and
    must not wait for others who try at the same moment: so each step has a transaction of its own."""
    return public(never_cache(view))


def again(view: View) -> View:
    """As `entrance`, for someone signed in who says again who they are."""
    return signed_in(never_cache(view))


ours = [
    path("", preferences.preferences, name="preferences"),
    path("security/", preferences.security, name="security"),
    path("sessions/end/", preferences.sessions_end, name="sessions-end"),
    path("sessions/<int:pk>/end/", preferences.session_end, name="session-end"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("continue/", stepup.go_on, name="step-up-continue"),
    path("recoveries/", recovery.recoveries, name="recoveries"),
    path("recoveries/new/<int:pk>/", recovery.start, name="recovery-start"),
    path("recoveries/<int:pk>/confirm/", recovery.confirm, name="recovery-confirm"),
    path("recoveries/<int:pk>/cancel/", recovery.cancel, name="recovery-cancel"),
    path("recover/<str:token>/", recovery.recover, name="recover"),
    path("recover/<str:token>/stop/", recovery.stop, name="recovery-stop"),
    path("lock-down/", lockdown.lock_down, name="lock-down"),
    path("lock-down/done/", lockdown.locked_down, name="locked-down"),
    path("lock-down/code/", lockdown.code, name="lockdown-code"),
    path("locked/", lockdown.lockdowns, name="lockdowns"),
    path("locked/<int:pk>/", lockdown.lockdown, name="lockdown"),
    path("locked/<int:pk>/unlock/", lockdown.unlock, name="unlock"),
    path("locked/<int:pk>/withdraw/", lockdown.unlock_withdraw, name="unlock-withdraw"),
]
second_factors = [
    path("", own(RedirectView.as_view(pattern_name="accounts:security")), name="mfa_index"),
    path("authenticate/", entrance(factors.authenticate), name="mfa_authenticate"),
    path("reauthenticate/", again(factors.reauthenticate), name="mfa_reauthenticate"),
    path("totp/activate/", own(own_factors.activate_app, "factor.change"), name="mfa_activate_totp"),
    path("totp/deactivate/", own(totp.deactivate_totp, "factor.change"), name="mfa_deactivate_totp"),
    path("recovery-codes/", own(codes.view_recovery_codes, SEEING_CODES), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/", own(codes.generate_recovery_codes, SEEING_CODES), name="mfa_generate_recovery_codes"
    ),
    path(
        "recovery-codes/download/", own(codes.download_recovery_codes, SEEING_CODES), name="mfa_download_recovery_codes"
    ),
    path("webauthn/", own(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("webauthn/add/", own(passkeys.add_webauthn, "factor.change"), name="mfa_add_webauthn"),
    path("webauthn/login/", entrance(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("webauthn/reauthenticate/", again(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("webauthn/keys/<int:pk>/edit/", own(passkeys.edit_webauthn, "factor.change"), name="mfa_edit_webauthn"),
    path("webauthn/keys/<int:pk>/remove/", own(passkeys.remove_webauthn, "factor.change"), name="mfa_remove_webauthn"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((ours, "accounts"))),
    path("language/", preferences.language, name="set_language"),
    path("login/", entrance(account.login), name="account_login"),
    path("logout/", everybody(account.logout), name="account_logout"),
    path("inactive/", everybody(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", again(account.reauthenticate), name="account_reauthenticate"),
    path("email/", own(account.email, "address.change"), name="account_email"),
    path("confirm-email/", everybody(account.email_verification_sent), name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", everybody(account.confirm_email), name="account_confirm_email"),
    path("password/change/", own(account.password_change, "password.change"), name="account_change_password"),
    path("password/set/", own(account.password_set, "password.change"), name="account_set_password"),
    path("password/reset/", everybody(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", everybody(account.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        everybody(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        everybody(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("2fa/", include(second_factors)),
]
