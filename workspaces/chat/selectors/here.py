"""Who is here now, with the time of day where they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from memberships.people.models import Affiliation
from portal.accounts.models import User
from portal.ui.zones import zone_named
from workspaces.chat.models import Room
from workspaces.groups.models import Participation
from workspaces.groups.selectors.participation import current_participations


@dataclass(frozen=True)
class Here:
    """Somebody who is here. `offset` is the difference of their clock to UTC in minutes; None where it is not told:
    of people of organisations at risk, for it would say in which part of the world they are."""

    person: User
    where: str
    offset: int | None
    at: datetime | None


def here_now(room: Room, person_ids: Collection[int]) -> list[Here]:
    """The people, all of whom let themselves be seen and may be shown to whoever asks; by name. Two queries."""
    if not person_ids:
        return []
    risky = Affiliation.objects.filter(person_id=OuterRef("pk"), until__isnull=True, organisation__at_risk=True)
    people = User.objects.filter(pk__in=list(person_ids), is_active=True).annotate(at_risk=Exists(risky))
    places = _places(room, person_ids)
    found = []
    for person in people.order_by("name", "pk"):
        at_risk = person.at_risk
        there = timezone.localtime(timezone.now(), zone_named(person.time_zone))
        offset = there.utcoffset()
        minutes = None if at_risk or offset is None else int(offset.total_seconds() // 60)
        found.append(Here(person, places.get(person.pk, ""), minutes, None if minutes is None else there))
    return found


def _places(room: Room, person_ids: Collection[int]) -> dict[int, str]:
    """For which organisation each takes part, or where a guest comes from."""
    if room.workspace is None:
        return {}
    rows: list[Participation] = list(
        current_participations()
        .filter(workspace_id=room.workspace.pk, person_id__in=list(person_ids))
        .select_related("organisation")
    )
    return {
        row.person_id: row.organisation.display_name if row.organisation is not None else row.guest_from for row in rows
    }
