"""Organisations and what hangs on them, as the services would have left them."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from memberships.organisations.models import (
    Alliance,
    AllianceMembership,
    Audience,
    Contact,
    Organisation,
    Region,
    Standing,
    Subject,
)
from portal.search.folding import sort_key

_numbers = count(1)


def organisation(name: str = "", **fields: Any) -> Organisation:
    """An organisation; `standing` (a kind, None for none) since `since`, `subjects` and `alliances` by slug."""
    number = next(_numbers)
    name = name or f"Organisation {number}"
    kind, since = fields.pop("standing", Standing.Kind.FULL), fields.pop("since", date(2010, 1, 1))
    subjects, alliances = fields.pop("subjects", ()), fields.pop("alliances", ())
    native = fields.get("native_name", "")
    made = Organisation.objects.create(
        **{
            "name": name,
            "slug": f"organisation-{number}",
            "region": Region.AFRICA,
            "name_sort": sort_key(name),
            "native_name_sort": sort_key(native) if native else "",
            **fields,
        }
    )
    if kind is not None:
        standing(made, kind, since=since)
    made.subjects.set([subject(slug) for slug in subjects])
    for slug in alliances:
        alliance_membership(made, alliance(slug))
    return made


def standing(of: Organisation, kind: str, *, since: date | None = None, until: date | None = None) -> Standing:
    """A term, whatever the terms beside it."""
    return Standing.objects.create(organisation=of, kind=kind, since=since, until=until)


def subject(slug: str, **names: str) -> Subject:
    """The subject of that slug, made when it is missing."""
    defaults = {"name_en": slug.replace("-", " ").capitalize(), **names}
    return Subject.objects.get_or_create(slug=slug, defaults=defaults)[0]


def alliance(slug: str, **fields: str) -> Alliance:
    """The alliance of that slug, made when it is missing."""
    defaults = {"name_en": slug.replace("-", " ").title(), **fields}
    return Alliance.objects.get_or_create(slug=slug, defaults=defaults)[0]


def alliance_membership(
    of: Organisation, joined: Alliance, *, since: date | None = None, until: date | None = None
) -> AllianceMembership:
    """The organisation's time in an alliance."""
    return AllianceMembership.objects.create(organisation=of, alliance=joined, since=since, until=until)


def contact(
    of: Organisation,
    value: str = "office@example.org",
    kind: str = Contact.Kind.EMAIL,
    audience: str = Audience.NETWORK,
) -> Contact:
    """A contact of the organisation."""
    return Contact.objects.create(organisation=of, kind=kind, value=value, audience=audience)
