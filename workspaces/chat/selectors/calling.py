"""Whom one may call by name in a room: for the completion while somebody types, and for what they then send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.search.folding import fold
from workspaces.chat import policies
from workspaces.chat.models import Room
from workspaces.chat.writing import Found, by_name, mentions_in, words_for_facilitators

OFFERED: Final = 10
"""So many lines of the completion at most, however many there are."""


@dataclass(frozen=True)
class Offer:
    """One line of the completion: what is put after the @, and what is said beside it."""

    name: str
    detail: str


def offers(reader: User, room: Room, typed: str) -> list[Offer]:
    """Whom the typed beginning may mean, at most ten: whoever keeps the group, organisations, people."""
    sought = fold(typed[:60])
    found: list[Offer] = []
    if room.of_group and fold(_("facilitators")).startswith(sought):
        found.append(Offer(_("facilitators"), _("Whoever keeps this group")))
    organisations = policies.callable_organisations(reader, room).order_by("name_sort", "pk")
    people = policies.callable_people(reader, room).exclude(pk=reader.pk).order_by("profile__name_sort", "pk")
    if sought:
        organisations = organisations.filter(
            Q(name_sort__startswith=sought)
            | Q(name_sort__contains=f" {sought}")
            | Q(acronym__istartswith=typed.strip())
        )
        people = people.filter(Q(profile__name_sort__startswith=sought) | Q(profile__name_sort__contains=f" {sought}"))
    found += [Offer(str(person), "") for person in people[:OFFERED]]
    found += [Offer(one.acronym or one.display_name, one.display_name) for one in organisations[:OFFERED]]
    return found[:OFFERED]


def called_in(author: User, room: Room, body: str) -> Found:
    """Whom `body` calls by name, of those who may read in the room. Nothing is asked where there is no @."""
    if "@" not in body:
        return Found()
    people = by_name((person.name, person) for person in policies.callable_people(author, room))
    organisations = by_name(
        (name, one)
        for one in policies.callable_organisations(author, room)
        for name in {one.acronym, one.name, one.native_name}
    )
    both: dict[str, object] = {**organisations, **people}
    facilitators = {word: word for word in words_for_facilitators()} if room.of_group else {}
    found = mentions_in(body, {**both, **facilitators})
    return Found(
        people=tuple(dict.fromkeys(one for name in people for one in people[name] if people[name] in found)),
        organisations=tuple(
            dict.fromkeys(one for name in organisations for one in organisations[name] if organisations[name] in found)
        ),
        facilitators=any(word in found for word in facilitators),
    )
