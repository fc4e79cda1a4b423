"""What allauth does to accounts goes into the record.

The house has no signal receivers: services write the record themselves. Changing a password, an address or a second
factor is done by allauth, though, whose signals are the only place where its success can be seen. They are sent in the
transaction of the act (`portal.accounts.urls` opens it), some of allauth's own right after it.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from portal.access.policies import is_secretariat
from portal.accounts.middleware import coarse_address, was_seen_lately
from portal.accounts.models import User
from portal.accounts.services.sessions import sessions_end_others
from portal.accounts.sessions import session_of
from portal.audit.services import record
from portal.live.services import publish


@receiver(auth.user_logged_in, dispatch_uid="portal.accounts.signed_in")
def signed_in(request: HttpRequest | None, user: User, **_given: Any) -> None:
    """The session's age begins. It counts as seen, so that its first pages cost no more than later ones."""
    if request is not None and request.session.session_key:
        session_of(request).begin(strict=is_secretariat(user))
        was_seen_lately(request.session.session_key)


@receiver(account.user_logged_in, dispatch_uid="portal.accounts.signed_in_from")
def signed_in_from(request: HttpRequest, **_given: Any) -> None:
    """Of the address that allauth has just noted, no more is kept than tells a strange place from a known one."""
    key = request.session.session_key
    UserSession.objects.filter(session_key=key).update(ip=coarse_address(request))


@receiver(auth.user_logged_out, dispatch_uid="portal.accounts.signed_out")
def signed_out(user: User | None, **_given: Any) -> None:
    """Sockets of the same session in other tabs are closed at once, when it is gone."""
    if user is not None:
        publish(f"rights:{user.pk}", kind="session.ended")


@receiver(
    [account.password_changed, account.password_set, account.password_reset], dispatch_uid="portal.accounts.password"
)
def password_changed(user: User, **_given: Any) -> None:
    """Other devices are signed out, in the database too, so that their open sockets notice."""
    record(user, verb="person.password_changed", target=user)
    sessions_end_others(user, session_key="")


@receiver(account.email_changed, dispatch_uid="portal.accounts.address")
def address_changed(user: User, **_given: Any) -> None:
    """The addresses themselves stay out of the record."""
    record(user, verb="person.address_changed", target=user)


@receiver(factors.authenticator_added, dispatch_uid="portal.accounts.factor_added")
def factor_added(user: User, authenticator: Any, **_given: Any) -> None:
    """An authenticator app, a passkey, or the first recovery codes."""
    record(user, verb="person.factor_added", target=user, details={"type": authenticator.type})


@receiver(factors.authenticator_removed, dispatch_uid="portal.accounts.factor_removed")
def factor_removed(user: User, authenticator: Any, **_given: Any) -> None:
    """The last one takes the recovery codes with it."""
    record(user, verb="person.factor_removed", target=user, details={"type": authenticator.type})


@receiver(factors.authenticator_reset, dispatch_uid="portal.accounts.codes_made")
def recovery_codes_made(user: User, **_given: Any) -> None:
    """New recovery codes in place of the old ones."""
    record(user, verb="person.recovery_codes_made", target=user)
