"""A seized account is locked in one act, and unlocked by two people.

Locking asks nothing and waits for nobody. It signs out everywhere, takes the password (so that no session and no link
that was ever sent works), the invitations the account has sent, and every right, for nobody locked is active. What
waits in the person's name is flagged by whoever announced that it wants to know.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat, secretariat
from portal.access.refusal import Refused
from portal.accounts import policies
from portal.accounts.known_devices import devices_forget
from portal.accounts.lockdown_codes import address_hash, code_hash, new_code, written_plainly
from portal.accounts.models import AccountRecovery, Invitation, Lockdown, LockdownCode, User
from portal.accounts.services.sessions import sessions_end_all
from portal.accounts.tasks import lockdown_mail, unlocked_mail
from portal.audit.services import record
from portal.live.services import publish
from portal.notifications.services import notify
from portal.registry import announced

log = logging.getLogger(__name__)


@transaction.atomic
def lockdown_code_make(actor: User) -> str:
    """A new code to lock one's own account with; the old one ends. It is returned once and stored nowhere."""
    code = new_code()
    values = {
        "code_hash": code_hash(code),
        "address_hash": address_hash(actor.email),
        "created_at": timezone.now(),
    }
    LockdownCode.objects.update_or_create(person=actor, defaults=values)
    record(actor, verb="person.lockdown_code_made", target=actor)
    return code


@transaction.atomic
def lock_by_code(*, email: str, code: str) -> None:
    """Lock the account of whoever has the address and saved the code; nothing where the two do not belong together.

    Says nothing of what came of it, to nobody. The address may be today's or that of the day the code was made.
    """
    saved = LockdownCode.objects.select_related("person").filter(code_hash=code_hash(code)).first()
    if saved is None or not _is_theirs(email, saved):
        return
    person = _locked_rows(saved.person)[saved.person_id]
    may_be = person.locked_at is None and person.erased_at is None
    if may_be and LockdownCode.objects.filter(pk=saved.pk, code_hash=saved.code_hash).exists():
        _lock(person, by=None, way=Lockdown.Way.CODE, why="")


@transaction.atomic
def account_lock(actor: User, *, person: User, why: str) -> Lockdown:
    """Lock the account of `person`, as their keeper. Locking it a second time changes nothing.

    Raises Refused where the actor is not their keeper (any more), or the account is closed.
    """
    rows = _locked_rows(actor, person)
    person = rows[person.pk]
    if not policies.can_keep(rows[actor.pk], person):
        raise Refused(_("You can lock the accounts of your colleagues only, as their administrator."))
    already = Lockdown.objects.filter(person=person, undone_at__isnull=True).first()
    if already is not None:
        return already
    if person.erased_at is not None:
        raise Refused(_("This account is closed already."))
    way = Lockdown.Way.SECRETARIAT if is_secretariat(rows[actor.pk]) else Lockdown.Way.COLLEAGUE
    return _lock(person, by=actor, way=way, why=why)


@transaction.atomic
def unlock_propose(actor: User, *, lockdown: Lockdown, why: str) -> Lockdown:
    """Be the first of the two people who undo it. Raises Refused where the actor may not, or someone else was."""
    rows, lockdown = _rows_of(actor, lockdown)
    if not policies.can_propose_unlocking(rows[actor.pk], lockdown):
        raise Refused(_("This cannot be proposed now. Open the page again to see what has changed."))
    lockdown.proposed_by, lockdown.proposed_at, lockdown.proposed_why = actor, timezone.now(), why
    lockdown.save(update_fields=["proposed_by", "proposed_at", "proposed_why"])
    record(actor, verb="person.unlock_proposed", target=lockdown.person)
    _tell(lockdown, kind="lockdown.proposed", but=actor)
    return lockdown


@transaction.atomic
def unlock_withdraw(actor: User, *, lockdown: Lockdown) -> Lockdown:
    """Take a proposal back: whoever made it, or any other keeper who knows better. Raises Refused for others."""
    rows, lockdown = _rows_of(actor, lockdown)
    if not lockdown.is_open or lockdown.proposed_by is None or not policies.can_keep(rows[actor.pk], lockdown.person):
        raise Refused(_("There is nothing to withdraw. Open the page again to see what has changed."))
    _forget_proposal(lockdown)
    record(actor, verb="person.unlock_withdrawn", target=lockdown.person)
    return lockdown


@transaction.atomic
def unlock_confirm(actor: User, *, lockdown: Lockdown, why: str) -> Lockdown:
    """Be the second of the two: the account opens again, with everything to sign in with to be set anew.

    The person gets a link by mail to set a password; their second factors are gone. Raises Refused where the actor
    may not be the second, or the proposal holds no longer.
    """
    rows, lockdown = _rows_of(actor, lockdown)
    if not policies.can_confirm_unlocking(rows[actor.pk], lockdown):
        raise Refused(
            _("Unlocking takes two people, one of them of the Secretariat, within a week. You cannot confirm this.")
        )
    person = rows[lockdown.person_id]
    lockdown.undone_by, lockdown.undone_at, lockdown.undone_why = actor, timezone.now(), why
    lockdown.save(update_fields=["undone_by", "undone_at", "undone_why"])
    person.locked_at, person.is_active = None, lockdown.was_active
    person.set_unusable_password()
    person.save(update_fields=["locked_at", "is_active", "password"])
    Authenticator.objects.filter(user_id=person.pk).delete()
    sessions_end_all(person)
    _follow(person, [(follower.name, follower.unlocked) for follower in announced.lockdown_followers])
    record(actor, verb="person.unlocked", target=person, details={"proposed_by": lockdown.proposed_by_id})
    unlocked_mail.defer(lockdown_id=lockdown.pk)
    _tell(lockdown, kind="lockdown.undone", but=actor)
    return lockdown


def _lock(person: User, *, by: User | None, way: Lockdown.Way, why: str) -> Lockdown:
    """Do it; the row of `person` is locked, the account is not yet.

    Also an account that its owner, or whoever pretends to be, has closed: it could be opened again by a link.
    """
    now, was_active = timezone.now(), person.is_active
    person.locked_at, person.is_active = now, False
    person.set_unusable_password()  # no session outlives its password, and no link to reset one
    person.save(update_fields=["locked_at", "is_active", "password"])
    lockdown = Lockdown.objects.create(person=person, way=way, locked_by=by, why=why, at=now, was_active=was_active)
    sessions_end_all(person)
    devices_forget(person)
    AccountRecovery.objects.filter(person=person, cancelled_at__isnull=True, finished_at__isnull=True).update(
        cancelled_at=now
    )
    LockdownCode.objects.filter(person=person).delete()
    EmailAddress.objects.filter(user_id=person.pk, verified=False, primary=False).delete()
    Invitation.objects.filter(invited_by=person, accepted_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=now
    )
    for proposed in Lockdown.objects.filter(proposed_by=person, undone_at__isnull=True):
        _forget_proposal(proposed)
    _follow(person, [(follower.name, follower.locked) for follower in announced.lockdown_followers])
    record(by or person, verb="person.locked", target=person, details={"way": str(way)})
    publish(f"rights:{person.pk}", kind="rights.changed")
    lockdown_mail.defer(lockdown_id=lockdown.pk)
    _tell(lockdown, kind="lockdown.begun", but=by)
    return lockdown


def _tell(lockdown: Lockdown, *, kind: str, but: User | None) -> None:
    """Tell the keepers. Neither notification nor mail names anybody; the page they lead to asks who is reading."""
    receivers = {person.pk: person for person in (*secretariat(), *policies.keepers_of(lockdown.person))}
    for person in (lockdown.person_id, but.pk if but else None):
        receivers.pop(person or 0, None)
    notify(receivers.values(), kind=kind, url=reverse("accounts:lockdown", args=[lockdown.pk]))


def _follow(person: User, followers: list[tuple[str, Callable[[User], None]]]) -> None:
    for name, told in followers:
        try:
            with transaction.atomic():
                told(person)
        except Exception:
            log.exception("%s could not follow the lock-down of an account", name)


def _forget_proposal(lockdown: Lockdown) -> None:
    lockdown.proposed_by = lockdown.proposed_at = None
    lockdown.proposed_why = ""
    lockdown.save(update_fields=["proposed_by", "proposed_at", "proposed_why"])


def _rows_of(actor: User, lockdown: Lockdown) -> tuple[dict[int, User], Lockdown]:
    """The actor and the locked person read afresh and locked, and the lock-down itself."""
    rows = _locked_rows(actor, lockdown.person)
    fresh = Lockdown.objects.select_for_update(of=("self",)).select_related("person", "proposed_by")
    return rows, fresh.get(pk=lockdown.pk)


def _locked_rows(*people: User) -> dict[int, User]:
    """Their rows, locked in one order: two keepers who lock each other wait for each other, and one finds it done."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in people]).order_by("pk")
    return {person.pk: person for person in rows}


def _is_theirs(email: str, saved: LockdownCode) -> bool:
    typed = written_plainly(email)
    if address_hash(typed) == saved.address_hash or typed == saved.person.email.lower():
        return True
    return bool(EmailAddress.objects.filter(user_id=saved.person_id, email__iexact=typed, verified=True).exists())
