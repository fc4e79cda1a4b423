"""Who said or did something in a group, as one reader may know it.

Whoever takes part in a group knows everybody in it. Others who may read there (an open group) are not shown people of
an organisation at risk, nor that it takes part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from memberships.organisations.models import Organisation
from memberships.organisations.policies import own_ids
from memberships.people.models import Affiliation
from memberships.people.policies import visible_to as visible_people
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from workspaces.groups import policies
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import current_participations


@dataclass(frozen=True)
class Speaker:
    """For `workspaces/groups/_speaker.html`. `here`: they take part now."""

    person: User
    organisation: Organisation | None
    guest_from: str
    is_guest: bool
    linked: bool
    here: bool


class Speakers:
    """The people of a page in a group, asked for together: three queries, two for whoever takes part."""

    def __init__(self, reader: User, workspace: Workspace, people: Iterable[User | None]) -> None:
        """`people` are those who may be asked for with `of`; the same one may come several times."""
        ids = {person.pk for person in people if person is not None}
        there = current_participations().filter(workspace_id=workspace.pk, person_id__in=ids)
        self._places: dict[int, Participation] = {place.person_id: place for place in there} if ids else {}
        self._linked = set(visible_people(reader).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        self._own = set(own_ids(reader))
        self._knows_all = is_secretariat(reader) or policies.place(reader, workspace) is not None
        unknown = set() if self._knows_all or not ids else set(_of_risky(self._own, ids))
        self._unknown = unknown - {reader.pk}

    def of(self, person: User | None, organisation: Organisation | None) -> Speaker | None:
        """Who `person` was when they spoke for `organisation`; None where this reader may not know, or nobody did."""
        if person is None or person.pk in self._unknown:
            return None
        hidden = organisation is not None and organisation.at_risk and organisation.pk not in self._own
        if hidden and not self._knows_all:
            return None
        place = self._places.get(person.pk)
        return Speaker(
            person=person,
            organisation=organisation,
            guest_from=place.guest_from if place is not None else "",
            is_guest=place is not None and place.is_guest,
            linked=person.pk in self._linked,
            here=place is not None,
        )


def _of_risky(own: set[int], ids: set[int]) -> QuerySet[Affiliation, int]:
    risky = Affiliation.objects.filter(person_id__in=ids, until__isnull=True, organisation__at_risk=True)
    return risky.exclude(organisation_id__in=own).values_list("person_id", flat=True)
