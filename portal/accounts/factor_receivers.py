"""What follows from signing in, and from factors that come and go.

Why these are receivers says `portal.accounts.receivers`.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from portal.access.factors import TYPES, forget
from portal.access.stepup import proved
from portal.accounts.known_devices import device_remember, devices_forget
from portal.accounts.models import User
from portal.accounts.services.sessions import sessions_end_others
from portal.live.services import publish


@receiver(auth.user_logged_in, dispatch_uid="portal.accounts.proved")
def signed_in(request: HttpRequest | None, user: User, **_given: Any) -> None:
    """All that is asked of them was just given; and the browser is known from now on."""
    if request is None:
        return
    proved(request)
    if request.method:  # not a test's short cut
        device_remember(request, user)


@receiver(
    [account.password_changed, account.password_set, account.password_reset], dispatch_uid="portal.accounts.forget"
)
def password_changed(user: User, **_given: Any) -> None:
    """Whoever signed in with the old one is a stranger again."""
    devices_forget(user)


@receiver(factors.authenticator_added, dispatch_uid="portal.accounts.factor_counts")
def factor_added(request: HttpRequest, user: User, **_given: Any) -> None:
    """Rights may come with it. With the first one, other devices, which signed in without, sign in again."""
    forget(user)
    proved(request)  # adding it took a fresh proof, and the new factor just proved itself
    if Authenticator.objects.filter(user_id=user.pk, type__in=TYPES).count() == 1:
        sessions_end_others(user, session_key=request.session.session_key or "")
    publish(f"rights:{user.pk}", kind="rights.changed")


@receiver(factors.authenticator_removed, dispatch_uid="portal.accounts.factor_counts_not")
def factor_removed(user: User, **_given: Any) -> None:
    """Rights may go with it, on open sockets too."""
    forget(user)
    publish(f"rights:{user.pk}", kind="rights.changed")
