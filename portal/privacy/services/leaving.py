"""Asking to be erased, and taking that back while there is time."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat, secretariat
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.accounts.services import sessions_end_others
from portal.accounts.tokens import new_seed, token_hash, token_of
from portal.audit.services import record
from portal.notifications.services import notify
from portal.privacy.models import DAYS_TO_RETURN, ErasureRequest
from portal.privacy.policies import can_ask
from portal.privacy.selectors.leaving import concerns_of
from portal.privacy.services.erasure import check_network_is_run
from portal.privacy.tasks import erasure_mail
from portal.registry import announced

LEFT_ALONE = "privacy.left_alone"


class WishClosed(Exception):
    """The wish was taken back or carried out already."""


@transaction.atomic
def erasure_ask(actor: User, *, even_so: bool = False) -> tuple[ErasureRequest, str]:
    """Close the account of `actor` now and have them erased in `DAYS_TO_RETURN` days.

    They are mailed the link by which they can return until then; the second value is its token, stored nowhere.
    Where something should be settled first (`concerns_of`), `even_so` leaves it unsettled, and the Secretariat is
    told. Raises Refused, for that too.
    """
    # Not FOR UPDATE in full: acts of theirs that are on their way refer to the row, and their sessions wait for these.
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if not can_ask(actor, person) or not person.is_active:
        raise Refused(_("Only the person themselves can ask for this."))
    check_network_is_run(without=person)
    concerns = concerns_of(person)
    if concerns and not even_so:
        raise Refused(_("Something should be settled first. Read what, or choose to leave it to the Secretariat."))
    seed = new_seed()
    now = timezone.now()
    wish = ErasureRequest.objects.create(
        person=person,
        asked_by=person,
        asked_at=now,
        due_at=now + timedelta(days=DAYS_TO_RETURN),
        token_hash=token_hash(token_of(seed)),
    )
    record(actor, verb="person.erasure_asked", target=person)
    sessions_end_others(person, session_key="")
    person.is_active = False
    person.save(update_fields=["is_active"])
    for follower in announced.erasure_followers:
        if follower.closed is not None:
            follower.closed(person)
    erasure_mail.defer(request_id=wish.pk, seed=seed)
    if concerns:
        notify(secretariat(), kind=LEFT_ALONE, url=reverse("privacy:erasures"))
    return wish, token_of(seed)


@transaction.atomic
def erasure_withdraw(actor: User | None, *, wish: ErasureRequest) -> User:
    """Take the wish back: the account opens again as it was. Returns its owner, who signs in anew.

    `actor` None is the owner, who came by their link; otherwise the Secretariat. Raises Refused, and WishClosed where
    it is too late.
    """
    if actor is not None and not is_secretariat(actor):
        raise Refused(_("Only the Secretariat can open somebody else's account again."))
    wish = ErasureRequest.objects.select_for_update().get(pk=wish.pk)
    if not wish.is_open:
        raise WishClosed
    person = User.objects.select_for_update(no_key=True).get(pk=wish.person_id)
    if person.locked_at is not None:
        raise WishClosed  # no link works while an account is locked; two people unlock it first
    wish.withdrawn_at = timezone.now()
    wish.save(update_fields=["withdrawn_at"])
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(actor or person, verb="person.erasure_withdrawn", target=person)
    for follower in announced.erasure_followers:
        if follower.opened is not None:
            follower.opened(person)
    return person
