"""Refused sign-ins and codes go into the record: enough of them to see an attack, too few to drown all else.

For an address that nobody has the same is done as for one that somebody has, in the same time.
"""

from __future__ import annotations

from django.db import transaction

from portal.accounts.models import User
from portal.accounts.selectors import person_at
from portal.accounts.services.guesses import may_be_recorded
from portal.audit.services import record


def password_refused(*, email: str) -> None:
    """Somebody gave a wrong password for this address, or an address that nobody has."""
    _note(person_at(email), of=f"password {email.lower()}", verb="person.sign_in_refused")


def try_refused(*, email: str) -> None:
    """Somebody had to wait because of too many wrong passwords for this address."""
    _note(person_at(email), of=f"limit {email.lower()}", verb="person.sign_in_slowed")


def code_refused(person: User) -> None:
    """Somebody who knows the password of `person` gave a wrong code, or one that was used."""
    _note(person, of=f"code {person.pk}", verb="person.code_refused")


def codes_slowed(person: User) -> None:
    """Somebody who knows the password of `person` had to wait because of too many wrong codes."""
    _note(person, of=f"codes {person.pk}", verb="person.code_slowed")


def _note(person: User | None, *, of: str, verb: str) -> None:
    if may_be_recorded(of):
        with transaction.atomic():
            record(None, verb=verb, target=person)
