"""Who said or did something in a group, as one reader may know it.

Whoever takes part in a group knows everybody in it. Others who may read there (an open group) are not shown people of
an organisation at risk, nor that it takes part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from memberships.organisations.models import Organisation
from memberships.organisations.policies import own_ids
from memberships.people.models import Affiliation
from memberships.people.policies import visible_to as visible_people
from portal.accounts.models import User
from workspaces.groups import policies
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import current_participations

_UNKNOWN: Final[Mapping[str, Any]] = {"linked": False, "at_risk": False, "place": None}


@dataclass(frozen=True)
class Speaker:
    """For `workspaces/groups/_speaker.html`. What they are now is asked when it is shown, for all of a page at once."""

    person: User
    organisation: Organisation | None
    among: Speakers

    @property
    def _place(self) -> Mapping[str, Any] | None:
        place: Mapping[str, Any] | None = self.among.about(self.person)["place"]
        return place

    @property
    def guest_from(self) -> str:
        """Where a guest comes from."""
        return str(self._place["guest_from"]) if self._place is not None else ""

    @property
    def is_guest(self) -> bool:
        return self._place is not None and bool(self._place["is_guest"])

    @property
    def linked(self) -> bool:
        """Whether the reader may see the person's page."""
        return bool(self.among.about(self.person)["linked"])

    @property
    def here(self) -> bool:
        """Whether they take part now."""
        return self._place is not None


class Speakers:
    """The people of a page in a group, asked for together: one query, for whoever takes part only where more than
    names is shown of them."""

    def __init__(self, reader: User, workspace: Workspace, people: Iterable[User | None]) -> None:
        """`people` are those who may be asked for with `of`; the same one may come several times."""
        self._reader, self._workspace = reader, workspace
        self._ids = {person.pk for person in people if person is not None}
        self._own = set(own_ids(reader))
        self._knows_all = policies.knows_everybody(reader, workspace)

    @cached_property
    def _known(self) -> Mapping[int, Mapping[str, Any]]:
        if not self._ids:
            return {}
        place = current_participations().filter(workspace_id=self._workspace.pk, person_id=OuterRef("pk")).order_by()
        risky = Affiliation.objects.filter(
            person_id=OuterRef("pk"), until__isnull=True, organisation__at_risk=True
        ).exclude(organisation_id__in=self._own)
        rows = User.objects.filter(pk__in=self._ids).annotate(
            linked=Exists(visible_people(self._reader).filter(pk=OuterRef("pk"))),
            at_risk=Exists(risky),
            place=Subquery(place.values(told=JSONObject(is_guest="is_guest", guest_from="guest_from"))[:1]),
        )
        return {row["pk"]: row for row in rows.values("pk", "linked", "at_risk", "place")}

    def about(self, person: User) -> Mapping[str, Any]:
        """What is known of one of the people: `linked`, `at_risk`, `place`."""
        return self._known.get(person.pk, _UNKNOWN)

    def _hides(self, person: User) -> bool:
        return not self._knows_all and person.pk != self._reader.pk and self.about(person)["at_risk"]

    def of(self, person: User | None, organisation: Organisation | None) -> Speaker | None:
        """Who `person` was when they spoke for `organisation`; None where this reader may not know, or nobody did."""
        if person is None or self._hides(person):
            return None
        hidden = organisation is not None and organisation.at_risk and organisation.pk not in self._own
        if hidden and not self._knows_all:
            return None
        return Speaker(person=person, organisation=organisation, among=self)
