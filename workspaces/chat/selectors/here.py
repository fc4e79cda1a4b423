"""Who is here now, with the time of day where they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from memberships.people.models import Affiliation
from portal.accounts.models import User
from portal.ui.zones import zone_named
from workspaces.chat.models import Room
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import ORGANISATION_NAME, current_participations, organisation_name


@dataclass(frozen=True)
class Here:
    """Somebody who is here. `offset` is the difference of their clock to UTC in minutes; None where it is not told:
    of people of organisations at risk, for it would say in which part of the world they are."""

    person: User
    where: str
    offset: int | None
    at: datetime | None


SHOWN: Final = 40
"""So many of those who are here are named. At a general meeting there are hundreds, and each who comes or goes would
send the list of all of them to all of them."""


def here_now(room: Room, person_ids: Collection[int]) -> list[Here]:
    """The people, all of whom let themselves be seen and may be shown to whoever asks; the first ones by name. One
    query."""
    if not person_ids:
        return []
    risky = Affiliation.objects.filter(person_id=OuterRef("pk"), until__isnull=True, organisation__at_risk=True)
    people = User.objects.filter(pk__in=list(person_ids), is_active=True).annotate(at_risk=Exists(risky))
    if room.workspace is not None:
        people = people.annotate(place=_place(room.workspace))
    found = []
    for person in people.order_by("name", "pk")[:SHOWN]:
        at_risk = person.at_risk
        there = timezone.localtime(timezone.now(), zone_named(person.time_zone))
        offset = there.utcoffset()
        minutes = None if at_risk or offset is None else int(offset.total_seconds() // 60)
        found.append(Here(person, _where(getattr(person, "place", None)), minutes, None if minutes is None else there))
    return found


def _place(workspace: Workspace) -> Subquery:
    there = current_participations().filter(workspace_id=workspace.pk, person_id=OuterRef("pk")).order_by()
    told = JSONObject(**ORGANISATION_NAME, guest_from="guest_from")
    return Subquery(there.values(told=told)[:1])


def _where(place: Mapping[str, Any] | None) -> str:
    """For which organisation somebody takes part, or where a guest comes from."""
    if place is None:
        return ""
    return str(place["guest_from"]) if place["organisation_id"] is None else organisation_name(place)
