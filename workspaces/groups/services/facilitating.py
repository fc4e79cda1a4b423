"""Who keeps a group. Somebody always does: the last facilitator hands over before they go."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access import roles
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups import policies
from workspaces.groups.models import FACILITATE, Participation, Workspace
from workspaces.groups.selectors.participation import current_participations, facilitators_of, forget_places
from workspaces.groups.services.effects import announce, lock, tell


class LastFacilitator(Refused):
    """The act would leave the group without anyone to keep it."""

    def __init__(self) -> None:
        super().__init__(_("Nobody else keeps this group. Make somebody else facilitator first, or dissolve it."))


def check_someone_keeps(workspace: Workspace, *, without: Collection[User]) -> None:
    """Raise LastFacilitator if all who keep an active group are among `without`. Call it under the lock."""
    if not workspace.is_active:
        return
    keeping = set(facilitators_of(workspace).values_list("pk", flat=True))
    leaving = {person.pk for person in without}
    if keeping and keeping <= leaving:
        raise LastFacilitator


def _place_of(workspace: Workspace, participation: Participation) -> Participation:
    there = current_participations().filter(workspace_id=workspace.pk, pk=participation.pk)
    place = there.select_related("person", "organisation").first()
    if place is None:
        raise ValidationError(_("This person does not take part any more."))
    return place


@transaction.atomic
def facilitator_appoint(actor: User, *, participation: Participation) -> None:
    """Make a participant facilitator. One already: unchanged. Raises Refused, ValidationError for guests."""
    workspace = lock(participation.workspace, actor)
    if not policies.can_appoint(actor, workspace):
        raise Refused(_("Only facilitators and the Secretariat make others facilitators."))
    place = _place_of(workspace, participation)
    if place.is_guest:
        raise ValidationError(_("A guest cannot keep a group."))
    if facilitators_of(workspace).filter(pk=place.person_id).exists():
        return
    roles.grant(FACILITATE, place.person, workspace)
    forget_places(place.person)
    record(actor, verb="group.facilitator_appointed", target=workspace, acting_for=place.organisation)
    if place.person != actor:
        tell([place.person], workspace, "group.facilitator_appointed", scoped=True)
    announce(workspace, people=[place.person], kind="group.participants")


@transaction.atomic
def facilitator_dismiss(actor: User, *, participation: Participation) -> None:
    """Take the role from a facilitator, or from oneself; they stay a participant. Raises Refused, LastFacilitator."""
    workspace = lock(participation.workspace, actor)
    if not policies.can_appoint(actor, workspace):
        raise Refused(_("Only facilitators and the Secretariat take the role from others."))
    place = _place_of(workspace, participation)
    check_someone_keeps(workspace, without=[place.person])
    roles.revoke(FACILITATE, place.person, workspace)
    forget_places(place.person)
    record(actor, verb="group.facilitator_dismissed", target=workspace, acting_for=place.organisation)
    announce(workspace, people=[place.person], kind="group.participants")
