"""How allauth is bent to the house: no sign-up without an invitation, mail by jobs, secrets kept closed."""

import time
from random import SystemRandom
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from qrcode.main import QRCode  # type: ignore[import-untyped]

from portal.access.stepup import is_fresh, missing
from portal.accounts import encryption
from portal.accounts.forms.preferences import safe_path
from portal.accounts.models import User
from portal.accounts.notices import NOTICES
from portal.accounts.services import guesses
from portal.accounts.services.refusals import password_refused, try_refused
from portal.accounts.tasks import confirmation_mail, notice_mail
from portal.notifications.services import notify

USER_AGENT_CHARACTERS = 200
QUIET_ZONE = 4  # modules of white around a QR code, ISO/IEC 18004


class AccountAdapter(DefaultAccountAdapter):
    """E-mail is the identity; accounts are made by accepting an invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("You cannot remove the address you sign in with."),
        "duplicate_email": _("This address already belongs to your account."),
        "email_password_mismatch": _("The address and the password do not belong together."),
        "email_taken": _("This address cannot be used."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right, or was used already."),
        "incorrect_password": _("The password is not right."),
        "invalid_login": _("The address and the password do not belong together."),
        "invalid_password_reset": _("This link no longer works."),
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
        "too_many_login_attempts": _(
            "Too many attempts. Try again in a few minutes. A passkey works at once, and so does a browser in which "
            "you signed in before."
        ),
        "unverified_primary_email": _("Confirm your address first."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose address and password these are. Refused before anything is hashed where there were too many tries."""
        email = str(credentials.get("email", ""))
        again = isinstance(request.user, User)
        attempt = guesses.again_try(request) if again else guesses.password_try(request, email=email)
        if attempt is None:
            try_refused(email=email)
            raise self.validation_error("too_many_login_attempts")
        person: User | None = super().authenticate(request, **credentials)
        if person is not None:
            attempt.take_back()
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Into the record, for known and unknown addresses alike; then an answer whose time says nothing.

        One password is hashed in either case, but somebody's rows take a few milliseconds longer to find than nobody's.
        A random wait far longer than that hides it for as many tries as the limits allow.
        """
        password_refused(email=str(credentials.get("email", "")))
        time.sleep(SystemRandom().uniform(0, settings.REFUSAL_WAIT))

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: nobody is sent to strangers, nor to what no address can be read from."""
        return url is not None and safe_path(url) == url

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """What is missing of the proof comes first: the password, then the factor, or a passkey for both."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        wanted = missing(self.request) if user.is_authenticated else None
        if wanted is None:
            return methods
        return [way for way in methods if way["url"] == reverse(wanted)] + [
            way for way in methods if way["id"] == "mfa_reauthenticate:webauthn"
        ]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The house's rule instead of allauth's, which takes the password alone even where there is a factor."""
        return not is_fresh(self.request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("accounts:security" if self.request.user.is_authenticated else "account_login")

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, unless the account was locked or closed since the password was given: codes take minutes."""
        if not User.objects.filter(pk=user.pk, is_active=True).exists():
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Queue it: the job makes the link itself, so that none is stored."""
        confirmation_mail.defer(address_id=emailconfirmation.email_address.pk)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Queue the notice about a change, to the address that was the person's before it."""
        kind = template_prefix.rpartition("/")[2]
        if kind in NOTICES:
            # Devices that are signed in show it at once; an enemy who reads the mails cannot keep it from them.
            notify([user], kind="account.changed", payload={"what": kind}, url=reverse("accounts:security"))
            notice_mail.defer(
                person_id=user.pk,
                email=email or user.email,
                kind=kind,
                at=timezone.now().isoformat(),
                user_agent=self.get_http_user_agent(self.request)[:USER_AGENT_CHARACTERS],
            )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """All mails have their own way above; one that does not would put a link into the queue."""
        raise NotImplementedError(template_prefix)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are stored closed, the QR code is drawn as part of the page."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("The second factor of this account cannot be removed."),
        "cannot_generate_recovery_codes": _("Add an authenticator app or a passkey first."),
        "incorrect_code": _("This code is not right, or was used already."),
        "unverified_email": _("Confirm your address first."),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, purpose=encryption.FACTORS)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, purpose=encryption.FACTORS)

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an SVG element without styles or addresses, dark on white in every mode."""
        code = QRCode(border=0)
        code.add_data(url)
        code.make()
        rows = code.get_matrix()
        dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        side = len(rows) + 2 * QUIET_ZONE
        box = f"{-QUIET_ZONE} {-QUIET_ZONE} {side} {side}"
        label = escape(_("QR code for the authenticator app"))
        return (
            f'<svg class="qr" width="232" height="232" viewBox="{box}" role="img" aria-label="{label}" '
            f'shape-rendering="crispEdges"><rect x="{-QUIET_ZONE}" y="{-QUIET_ZONE}" width="{side}" height="{side}" '
            f'fill="#fff"/><path d="{dots}" fill="#000"/></svg>'
        )

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 - allauth's name for it
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("Passkey %(number)s") % {"number": count + 1})

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to this host for ever: that of the public address, whatever name the request used."""
        return {"id": urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost", "name": settings.NETWORK_NAME}
