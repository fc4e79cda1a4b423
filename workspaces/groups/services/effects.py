"""What every change of a group shares: the lock before it, and who hears of it after.

Order of locks in one transaction: the workspace's row, then its counts, then the live topics, once, at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from memberships.organisations.models import Organisation
from memberships.people.models import Affiliation, Role
from memberships.people.selectors import forget_rights
from portal.access import roles
from portal.access.policies import secretariat
from portal.accounts.models import User
from portal.live.services import publish, publish_each
from portal.notifications.services import notify, scope_forget
from portal.search.services import reindex
from workspaces.groups.models import FACILITATE, OrganisationParticipation, Participation, Workspace
from workspaces.groups.selectors.participation import current_participations, forget_places
from workspaces.groups.services.numbering import next_number

SOURCE = "group"


def lock(workspace: Workspace, *actors: User | None) -> Workspace:
    """Wait for the group's row and hold it; what `actors` were known to be allowed before is asked again under it."""
    for actor in actors:
        if actor is not None:
            forget_rights(actor)
            forget_places(actor)
    # Not FOR UPDATE in full: rows that only refer to the workspace need not wait.
    return Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def organisation_in(
    actor: User | None, *, workspace: Workspace, organisation: Organisation
) -> OrganisationParticipation:
    """The organisation takes part from now on; under the caller's lock and after its checks. In already: unchanged."""
    return OrganisationParticipation.objects.get_or_create(
        workspace=workspace, organisation=organisation, until=None, defaults={"started_by": actor}
    )[0]


def person_in(
    actor: User | None, *, workspace: Workspace, person: User, organisation: Organisation | None = None, **guest: Any
) -> Participation:
    """`person` takes part from now on; under the caller's lock and after its checks.

    A place that lost its ground (an affiliation that ended) is closed first, so that the new one has its own dates.
    """
    now = timezone.now()
    Participation.objects.filter(workspace=workspace, person=person, until__isnull=True).update(until=now)
    place = Participation.objects.create(
        workspace=workspace,
        person=person,
        organisation=organisation,
        number=next_number(workspace, "participation"),
        since=now,
        started_by=actor,
        **guest,
    )
    forget_places(person)
    return place


def person_out(actor: User | None, places: Iterable[Participation]) -> list[User]:
    """Close these places of one group, with the roles that hung on them; returns whose they were."""
    gone = []
    for place in places:
        Participation.objects.filter(pk=place.pk).update(until=timezone.now(), ended_by=actor)
        roles.revoke(FACILITATE, place.person, place.workspace)
        scope_forget(place.person, scope=place.workspace.scope)
        forget_places(place.person)
        gone.append(place.person)
    return gone


def announce(workspace: Workspace, *, people: Collection[User] = (), kind: str = "group.updated") -> None:
    """Tell open pages: those of `people`, whose rights changed, and those that show the group or lists of groups."""
    publish_each({f"rights:{person.pk}": {} for person in people}, kind="rights.changed")
    publish(workspace.topic, kind=kind)
    reindex(SOURCE, [workspace.pk])


def readers_of(workspace: Workspace) -> list[User]:
    """Whoever may read in the group now: who takes part; of an open one, everyone in the network."""
    reading = Q(pk__in=current_participations().filter(workspace_id=workspace.pk).values("person_id"))
    if workspace.visibility == Workspace.Visibility.OPEN:
        reading |= Q(pk__in=Affiliation.objects.filter(until__isnull=True).values("person_id"))
        reading |= Q(pk__in=secretariat().values("pk"))
    return list(User.objects.filter(reading, is_active=True).order_by("pk"))


def deciders(organisation: Organisation) -> list[User]:
    """Whoever may decide that the organisation takes part: its administrators and delegates."""
    current = Affiliation.objects.filter(organisation=organisation, until__isnull=True)
    holding = current.filter(role_terms__until__isnull=True, role_terms__role__in=[Role.ADMINISTRATOR, Role.DELEGATE])
    return list(User.objects.filter(is_active=True, pk__in=holding.values("person")).order_by("pk"))


def tell(
    people: Iterable[User], workspace: Workspace, kind: str, *, payload: Mapping[str, Any] | None = None, scoped: bool
) -> None:
    """Notify about the group. `scoped`: as part of what is told from it, to those in it alone.

    What leads in or out (an invitation, an answer) is not: whoever receives that is not in it.
    """
    address = reverse("groups:group", args=[workspace.slug])
    notify(
        people,
        kind=kind,
        payload={"group": workspace.name, **(payload or {})},
        url=address,
        scope=workspace.scope if scoped else "",
    )
