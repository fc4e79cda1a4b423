"""Going: a person, an organisation with all its people, a guest whose last day is over."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups import policies
from workspaces.groups.models import Participation, Workspace
from workspaces.groups.selectors.participation import today
from workspaces.groups.services.effects import announce, lock, person_out, tell
from workspaces.groups.services.facilitating import check_someone_keeps


@transaction.atomic
def participation_end(actor: User, *, participation: Participation, reason: str = "") -> Participation:
    """End a person's place, by themselves, by whoever decides for their organisation, or by a facilitator.

    What they wrote stays. Their open pages of the group close at once. Ending one that has ended changes nothing.
    Raises Refused, LastFacilitator.
    """
    workspace = lock(participation.workspace, actor)
    place = (
        Participation.objects.select_for_update(of=["self"])
        .select_related("person", "workspace", "organisation")
        .get(pk=participation.pk)
    )
    if place.until is not None:
        return place
    if not policies.can_end(actor, place):
        raise Refused(_("Only facilitators can remove others from a group."))
    check_someone_keeps(workspace, without=[place.person])
    person_out(actor, [place])
    own = place.person_id == actor.pk
    verb = "group.left" if own else "group.removed"
    record(actor, verb=verb, target=workspace, acting_for=place.organisation, why=reason)
    if not own:
        tell([place.person], workspace, "group.removed", payload={"reason": reason.strip()[:500]}, scoped=False)
    announce(workspace, people=[place.person], kind="group.participants")
    place.refresh_from_db()
    return place


@transaction.atomic
def organisation_end(actor: User, *, workspace: Workspace, organisation: Organisation, reason: str = "") -> None:
    """Take the organisation out with all its people: who decides for it, or a facilitator. Out already: unchanged.

    Raises Refused, LastFacilitator.
    """
    workspace = lock(workspace, actor)
    term = workspace.organisations.filter(organisation=organisation, until__isnull=True).first()
    if term is None:
        return
    own = policies.can_send_for(actor, organisation)
    if not workspace.is_active or not (own or policies.can_facilitate(actor, workspace)):
        raise Refused(_("Only facilitators and whoever decides for the organisation can take it out of a group."))
    places = list(
        Participation.objects.filter(workspace=workspace, organisation=organisation, until__isnull=True)
        .select_related("person", "workspace")
        .order_by("person_id")
    )
    check_someone_keeps(workspace, without=[place.person for place in places])
    gone = person_out(actor, places)
    workspace.organisations.filter(pk=term.pk).update(until=timezone.now(), ended_by=actor)
    verb = "group.organisation_left" if own else "group.organisation_removed"
    record(actor, verb=verb, target=workspace, acting_for=organisation, why=reason)
    told = [one for one in gone if one != actor]
    tell(told, workspace, "group.removed", payload={"reason": reason.strip()[:500]}, scoped=False)
    announce(workspace, people=gone, kind="group.participants")


@transaction.atomic
def guests_end() -> int:
    """Close the places of guests whose last day is over; returns how many. Their rights ended with the day by
    themselves; this tells open pages, and forgets what waits for them."""
    over = Participation.objects.filter(is_guest=True, until__isnull=True, ends_on__lt=today())
    ended = 0
    for workspace in Workspace.objects.filter(pk__in=over.values("workspace")).order_by("pk"):
        held = lock(workspace)
        places = list(over.filter(workspace=held).select_related("person", "workspace").order_by("person_id"))
        gone = person_out(None, places)
        for _place in places:
            record(None, verb="group.guest_ended", target=held)
        announce(held, people=gone, kind="group.participants")
        ended += len(places)
    return ended
