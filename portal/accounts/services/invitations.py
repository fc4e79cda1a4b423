"""The way in: an invitation for one address, accepted once, by whoever reads mail at that address.

Opening the link consumes nothing: mail scanners open links. See `portal.accounts.tokens` for what is stored of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.models import Invitation, User
from portal.accounts.selectors import address_is_known, is_address_of
from portal.accounts.services.people import person_create
from portal.accounts.tasks import invitation_mail
from portal.accounts.tokens import new_seed, token_hash, token_of
from portal.audit.services import record
from portal.registry import announced

DAYS: Final = 14


class InvitationClosed(Exception):
    """It cannot be accepted. `state`: "accepted", "revoked", "expired", or "unknown"."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class SignInFirst(Exception):
    """The address belongs to an account already; its owner accepts after signing in."""


class WrongAddress(Exception):
    """Somebody else is signed in than the person invited: a forwarded invitation does not work."""


def invitation_create(
    actor: User, *, email: str, name: str, purpose: str, language: str, days: int = DAYS
) -> tuple[Invitation, str]:
    """Invite whoever reads mail at `email` to what `purpose` (announced by an app) leads to; their mail is queued.

    Who may invite to it is the purpose's own business, checked by the caller in the same transaction. `language` is
    that of the mail. Returns the invitation and its token (43 characters, fit for an address), which is stored
    nowhere. Raises LookupError for a purpose that no app has announced.
    """
    if purpose not in announced.invitation_purposes:
        raise LookupError(f"the invitation purpose {purpose!r} is not announced in any wiring.py")
    seed = new_seed()
    with transaction.atomic():
        invitation = Invitation.objects.create(
            email=email.strip().lower(),
            name=name,
            purpose=purpose,
            language=language,
            token_hash=token_hash(token_of(seed)),
            invited_by=actor,
            expires_at=timezone.now() + timedelta(days=days),
        )
        invitation_mail.defer(invitation_id=invitation.pk, seed=seed)
        record(actor, verb="invitation.created", target=invitation, details={"purpose": purpose})
    return invitation, token_of(seed)


@transaction.atomic
def invitation_resend(actor: User, *, invitation: Invitation, days: int = DAYS) -> str:
    """Send an invitation that was not accepted anew: with a new link (the old one ends) and `days` from now.

    Also brings back one that has expired. Who may is checked by the caller. Returns the new token. Raises
    InvitationClosed where it was accepted or revoked.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state in {"accepted", "revoked"}:
        raise InvitationClosed(invitation.state)
    seed = new_seed()
    invitation.token_hash = token_hash(token_of(seed))
    invitation.expires_at = timezone.now() + timedelta(days=days)
    invitation.save(update_fields=["token_hash", "expires_at"])
    invitation_mail.defer(invitation_id=invitation.pk, seed=seed)
    record(actor, verb="invitation.sent_again", target=invitation)
    return token_of(seed)


@transaction.atomic
def invitation_revoke(actor: User, *, invitation: Invitation) -> Invitation:
    """Withdraw an invitation; its link ends at once. Revoking twice changes nothing. Who may is checked by the caller.

    Raises InvitationClosed where it was accepted.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state == "accepted":
        raise InvitationClosed(invitation.state)
    if invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        record(actor, verb="invitation.revoked", target=invitation)
    return invitation


@transaction.atomic
def invitation_accept(
    token: str, *, person: User | None = None, name: str = "", password: str = "", language: str = "en"
) -> User:
    """Accept the invitation with `token`, once, for `person` or for a new person made from the other values.

    The token came by mail, so the new person's address counts as verified. What the purpose leads to happens in the
    same transaction. `password` was checked by the form. Returns the person. Raises InvitationClosed, SignInFirst
    (nobody given, but the address has an account), WrongAddress (`person` is not at that address), and what the
    purpose raises (Refused where the inviter has lost the right to invite).
    """
    try:
        invitation = Invitation.objects.select_for_update().get(token_hash=token_hash(token))
    except Invitation.DoesNotExist:
        raise InvitationClosed("unknown") from None
    purpose = announced.invitation_purposes.get(invitation.purpose)
    if purpose is None or not invitation.is_open:
        raise InvitationClosed("revoked" if purpose is None else invitation.state)
    accepting = _who_accepts(invitation, person) or _new_person(invitation, name, password, language)
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = accepting
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(accepting, verb="invitation.accepted", target=invitation, details={"purpose": invitation.purpose})
    purpose.accepted(invitation, accepting)
    return accepting


def _who_accepts(invitation: Invitation, person: User | None) -> User | None:
    if person is None:
        if address_is_known(invitation.email):
            raise SignInFirst
        return None
    if not is_address_of(invitation.email, person):
        raise WrongAddress
    return person


def _new_person(invitation: Invitation, name: str, password: str, language: str) -> User:
    try:
        with transaction.atomic():
            person = person_create(email=invitation.email, name=name, password=password, language=language)
    except IntegrityError:  # a second invitation to the same address was accepted a moment ago
        raise SignInFirst from None
    record(person, verb="person.signed_up", target=person)
    return person
