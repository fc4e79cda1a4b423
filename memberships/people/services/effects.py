"""What every change of a team shares: the lock before it, the rule that someone remains, and who hears of it after.

Order of locks in one transaction: the organisation's row, then what is counted, then the live topics. Topics are
published once, at the end, in one order, so that two changes never wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from memberships.people.models import Affiliation, Profile, Role
from memberships.people.selectors import administrators_of, forget_rights
from memberships.people.selectors.team import organisations
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.live.services import publish
from portal.search.folding import sort_key
from portal.search.services import reindex

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation


class LastAdministrator(Refused):
    """The act would leave the organisation without anyone to keep it."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody else is administrator here. Hand over to a colleague first, so that the organisation is kept.")
        )


def lock(organisation_id: int, *actors: User | None) -> Organisation:
    """Wait for the organisation's row and hold it; changes of one team happen one after the other.

    What `actors` were known to be allowed before is forgotten: it is asked again under the lock.
    """
    for actor in actors:
        if actor is not None:
            forget_rights(actor)
    # Not FOR UPDATE in full: rows that only refer to the organisation need not wait.
    return organisations().select_for_update(no_key=True).get(pk=organisation_id)


def reload(affiliation: Affiliation) -> Affiliation:
    """The affiliation as it is now, locked."""
    current = Affiliation.objects.select_for_update(of=["self"]).select_related("person", "organisation")
    return current.get(pk=affiliation.pk)


def check_someone_remains(organisation: Organisation, *, without: User) -> None:
    """Raise LastAdministrator if `without` keeps the organisation and nobody else does. Call it under the lock."""
    keepers = administrators_of(organisation)
    if keepers.filter(pk=without.pk).exists() and not keepers.exclude(pk=without.pk).exists():
        raise LastAdministrator


def ensure_profile(person: User) -> Profile:
    """The person's profile, made empty where there is none yet."""
    return Profile.objects.get_or_create(person=person, defaults={"name_sort": sort_key(person.name)})[0]


def role_codes(roles: Collection[str]) -> frozenset[Role]:
    """The roles among `roles` that are given: staff comes with the affiliation. Raises ValueError for unknown ones."""
    return frozenset(Role(role) for role in roles) - {Role.STAFF}


def team_reindex(organisation: Organisation) -> None:
    """Bring the index of the organisation's people up to date: they are found by its names, unless it is at risk.

    To be called by whoever changes one of the two, after the topics of these people were published.
    """
    current = Affiliation.objects.filter(organisation_id=organisation.pk, until__isnull=True)
    reindex("person", list(current.order_by("person_id").values_list("person_id", flat=True)))


def publish_change(organisation: Organisation, people: Collection[User]) -> None:
    """Tell everyone who watches: the people's own sockets, the organisation's page, the directory, the index.

    The payload names nobody: a reader of the organisation's page may not be allowed to see all of its people.
    """
    changed = sorted(people, key=lambda person: person.pk)
    for person in changed:
        forget_rights(person)
        publish(f"rights:{person.pk}", kind="rights.changed")
        publish(f"person:{person.pk}", kind="person.updated")
    if changed:
        reindex("person", [person.pk for person in changed])
    publish(f"organisation:{organisation.pk}", kind="team.changed")
    publish("directory", kind="people.changed")
