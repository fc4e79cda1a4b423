"""Reads about accounts: addresses, devices, second factors, invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.access.factors import awaits_factor as awaits_factor
from portal.access.factors import has_second_factor as has_second_factor
from portal.accounts.devices import device_name
from portal.accounts.models import AccountRecovery, Invitation, User
from portal.accounts.tokens import token_hash
from portal.audit.origin import coarse_network

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def is_address_of(email: str, person: User) -> bool:
    """Whether `email` is a proven address of `person`, whatever the case of its letters."""
    if person.email.lower() == email.lower():
        return True
    return bool(EmailAddress.objects.filter(user_id=person.pk, email__iexact=email, verified=True).exists())


def address_is_known(email: str) -> bool:
    """Whether somebody has an account with that address. Only for those who have shown that it is theirs."""
    return person_at(email) is not None


def person_at(email: str) -> User | None:
    """Whose proven address `email` is, whatever the case of its letters."""
    proven = EmailAddress.objects.filter(email__iexact=email, verified=True)
    return User.objects.filter(Q(email__iexact=email) | Q(pk__in=proven.values("user_id"))).first()


def running_recovery(person: User) -> AccountRecovery | None:
    """The recovery of that account that can still be stopped, or None."""
    running = AccountRecovery.objects.filter(
        person=person, cancelled_at__isnull=True, finished_at__isnull=True, expires_at__gt=timezone.now()
    )
    return running.first()


def address_on_its_way(person: User) -> str:
    """The address `person` wants to change to and has not confirmed yet; "" without one."""
    waiting = EmailAddress.objects.filter(user_id=person.pk, verified=False).order_by("-pk")
    return str(waiting.values_list("email", flat=True).first() or "")


def invitations_to(person: User) -> QuerySet[Invitation]:
    """Invitations that went to an address of `person`, or that they accepted, in whatever state."""
    known = EmailAddress.objects.filter(user_id=person.pk).values_list("email", flat=True)
    own = Q(accepted_by_id=person.pk)
    for address in {person.email.lower(), *(address.lower() for address in known)}:
        own |= Q(email__iexact=address)
    return Invitation.objects.filter(own)


def invitation_with(token: str) -> Invitation | None:
    """The invitation that a link's token belongs to, in whatever state."""
    return Invitation.objects.select_related("invited_by").filter(token_hash=token_hash(token)).first()


@dataclass(frozen=True)
class Device:
    """One signed-in browser. Times are timezone-aware; `last_seen_at` is exact to a few minutes.

    `network` is where it was last used, as coarsely as the record has it; `is_near`: that is where this one is.
    """

    pk: int
    name: str
    since: datetime
    last_seen_at: datetime
    is_current: bool
    network: str
    is_near: bool


def living_sessions(person: User | AnonymousUser) -> QuerySet[UserSession]:
    """Sessions of `person` that have not ended; nobody sees another's."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    sessions: QuerySet[UserSession] = UserSession.objects.filter(Exists(alive), user_id=person.pk or 0)
    return sessions


def devices_of(person: User, *, session_key: str | None) -> list[Device]:
    """Where `person` is signed in: this browser (`session_key`) first, then by last use."""
    sessions = list(living_sessions(person).order_by("-last_seen_at", "pk"))
    here = {coarse_network(session.ip) for session in sessions if session.session_key == session_key}
    devices = [
        Device(
            pk=session.pk,
            name=device_name(session.user_agent),
            since=session.created_at,
            last_seen_at=session.last_seen_at,
            is_current=session.session_key == session_key,
            network=coarse_network(session.ip),
            is_near=coarse_network(session.ip) in here,
        )
        for session in sessions
    ]
    return sorted(devices, key=lambda device: not device.is_current)


@dataclass(frozen=True)
class Factors:
    """What `person` can sign in with beside the password."""

    authenticator_app: Authenticator | None
    passkeys: list[Authenticator]
    recovery_codes_left: int | None  # None: there are none

    @property
    def exist(self) -> bool:
        """Whether signing in by password asks for a second factor."""
        return self.authenticator_app is not None or bool(self.passkeys)


def factors_of(person: User) -> Factors:
    """The second factors of `person`, read at once."""
    found = list(Authenticator.objects.filter(user_id=person.pk).order_by("pk"))
    codes = next((factor for factor in found if factor.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        authenticator_app=next((factor for factor in found if factor.type == Authenticator.Type.TOTP), None),
        passkeys=[factor for factor in found if factor.type == Authenticator.Type.WEBAUTHN],
        recovery_codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )
