"""Settling invented people in the demonstration network, by the services that settle people in life.

Only what those do for whoever watches is done once for all instead of once for each: the index and the live topic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings

from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.services.affiliations import begin
from portal.accounts.models import User
from portal.accounts.services import person_create, preferences_update
from portal.demonstration.network import factor_give
from portal.live.services import publish
from portal.search.folding import sort_key
from portal.search.services import reindex

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation

ABOUT: Final = "An invented person, made up for this demonstration."


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an invented person works, since when (timezone-aware)."""

    organisation: Organisation
    title: str
    since: datetime
    roles: Collection[Role] = ()


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """An invented person. `languages` are spoken ones; the first of them that the network speaks is the interface's."""

    name: str
    email: str
    languages: Sequence[str]
    places: Sequence[Place]
    about: str = ABOUT
    phone: str = ""
    preferences: dict[str, bool] = field(default_factory=dict)
    open_to_network: bool = False


def settle(newcomers: Iterable[Newcomer]) -> list[User]:
    """Make these people, without passwords, and their affiliations; as if all had begun when the places say."""
    people = [_settle(newcomer) for newcomer in newcomers]
    reindex("person", [person.pk for person in people])
    publish("directory", kind="people.changed")
    return people


def _settle(newcomer: Newcomer) -> User:
    person = person_create(email=newcomer.email, name=newcomer.name, language=interface(newcomer.languages))
    if newcomer.preferences:
        person = preferences_update(person, name=person.name, preferences=newcomer.preferences)
    audience = Profile.Audience.NETWORK if newcomer.open_to_network else Profile.Audience.COLLEAGUES
    Profile.objects.create(
        person=person,
        languages=list(newcomer.languages),
        about=newcomer.about,
        phone=newcomer.phone,
        email_audience=audience,
        name_sort=sort_key(person.name),
    )
    if any(place.roles for place in newcomer.places):
        factor_give(person)
    for place in newcomer.places:
        affiliation = begin(
            None,
            person=person,
            organisation=place.organisation,
            title=place.title,
            roles=place.roles,
            started_by=None,
        )
        Affiliation.objects.filter(pk=affiliation.pk).update(since=place.since)
        RoleTerm.objects.filter(affiliation=affiliation).update(since=place.since)
    return person


def interface(languages: Sequence[str]) -> str:
    """The first of `languages` in which the portal speaks, English where there is none."""
    spoken = dict(settings.LANGUAGES)
    return next((code for code in languages if code in spoken), "en")
