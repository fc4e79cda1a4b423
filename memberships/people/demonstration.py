"""Settling an invented person in the demonstration network, by the services that settle people in life."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings

from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.services import affiliation_start
from portal.accounts.models import User
from portal.accounts.services import person_create, preferences_update
from portal.search.folding import sort_key

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


def settle(newcomer: Newcomer) -> User:
    """Make the person, without a password, and their affiliations; as if all had begun when the places say."""
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
    for place in newcomer.places:
        affiliation = affiliation_start(
            None, person=person, organisation=place.organisation, title=place.title, roles=place.roles
        )
        Affiliation.objects.filter(pk=affiliation.pk).update(since=place.since)
        RoleTerm.objects.filter(affiliation=affiliation).update(since=place.since)
    return person


def interface(languages: Sequence[str]) -> str:
    """The first of `languages` in which the portal speaks, English where there is none."""
    spoken = dict(settings.LANGUAGES)
    return next((code for code in languages if code in spoken), "en")
