"""People themselves: how they begin, and what they prefer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from portal.accounts.models import User
from portal.audit.services import record
from portal.live.services import publish
from portal.registry import announced

PREFERENCES: Final = frozenset(
    {"language", "time_zone", "appearance", "low_bandwidth", "western_digits", "presence_visible"}
)


@transaction.atomic
def person_create(*, email: str, name: str, password: str | None = None, language: str = "en") -> User:
    """A person whose address is known to be theirs, without any right.

    Not for forms: whoever calls has seen a proof of the address (an accepted invitation) or speaks for the
    installation (demonstration, command line). Raises django.db.IntegrityError where the address is taken.
    """
    person = User.objects.create_user(email, name, password, language=language)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@transaction.atomic
def preferences_update(actor: User, *, name: str, preferences: Mapping[str, str | bool]) -> User:
    """Change `actor`'s own name and preferences (names among `PREFERENCES`, values already checked by a form).

    That the name was changed goes into the record, the names do not, nor do preferences: how someone likes to read is
    nobody else's business.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    before, seen = person.name, person.presence_visible
    person.name = name
    changed = {field: value for field, value in preferences.items() if field in PREFERENCES}
    for field, value in changed.items():
        setattr(person, field, value)
    person.save(update_fields=["name", *changed])
    if seen != person.presence_visible:
        publish(f"rights:{person.pk}", kind="presence.changed")  # open pages show or hide them at once
    if before != name:
        for follower in announced.name_followers:
            follower.renamed(person)
        record(actor, verb="person.renamed", target=person)
    return person


def language_choose(actor: User, *, language: str) -> None:
    """Remember the language `actor` reads in. Raises ValueError for one that is not offered."""
    if language not in dict(settings.LANGUAGES):
        raise ValueError(language)
    User.objects.filter(pk=actor.pk).update(language=language)
