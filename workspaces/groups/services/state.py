"""The states of a group, and the ways from one to the next: proposed → active ⇄ dissolved, proposed → not taken up.

Every change goes through `_become`, which knows the ways and keeps the history.
"""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Alliance, AllianceMembership, Organisation
from memberships.organisations.selectors.standing import running
from memberships.organisations.selectors.standing import today as utc_today
from memberships.organisations.services.fields import paragraphs
from portal.access import roles
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups import policies
from workspaces.groups.models import FACILITATE, Approach, Workspace
from workspaces.groups.selectors.participation import current_participations
from workspaces.groups.services.effects import announce, deciders, lock, organisation_in, person_in, tell

State = Workspace.State

WAYS: Final = {
    State.PROPOSED: frozenset({State.ACTIVE, State.DECLINED}),
    State.DECLINED: frozenset[State](),
    State.ACTIVE: frozenset({State.DISSOLVED}),
    State.DISSOLVED: frozenset({State.ACTIVE}),
}
"""From each state those that can follow."""
LONGEST_NOTE: Final = 4000


def _note(text: str) -> str:
    """A note as it is kept. Raises ValidationError where it is too long."""
    try:
        return paragraphs(text, LONGEST_NOTE)
    except ValidationError as error:
        raise ValidationError({"note": error}) from None


def _become(actor: User | None, workspace: Workspace, state: State, *, note: str = "") -> None:
    """Take the way to `state`; under the caller's lock. Raises ValidationError where there is none."""
    if state not in WAYS[State(workspace.state)]:
        raise ValidationError(_("This has been decided already. Open the page again to see how."))
    now = timezone.now()
    workspace.state = state
    if state == State.ACTIVE:
        workspace.activated_at = workspace.activated_at or now
        workspace.active_at, workspace.dissolved_at = now, None
    if state == State.DISSOLVED:
        workspace.dissolved_at = now
    workspace.save(update_fields=["state", "activated_at", "active_at", "dissolved_at"])
    workspace.state_changes.create(state=state, at=now, by=actor, note=note)


@transaction.atomic
def workspace_activate(actor: User, *, workspace: Workspace) -> Workspace:
    """Start a proposed group; those who were to be invited hear of it. Raises Refused, ValidationError."""
    workspace = lock(workspace, actor)
    if not policies.can_decide_proposal(actor, workspace) and workspace.state == State.PROPOSED:
        raise Refused(_("Only the Secretariat can start a proposed group."))
    return start(actor, workspace)


def start(actor: User | None, workspace: Workspace) -> Workspace:
    """The start itself: whoever proposed it is in it and keeps it; `actor` None where it needed nobody."""
    _become(actor, workspace, State.ACTIVE)
    founder, organisation = workspace.proposed_by, workspace.proposed_for
    if organisation is not None and workspace.of_organisations:
        organisation_in(founder, workspace=workspace, organisation=organisation)
    if founder is not None and founder.is_active:
        seat = organisation if workspace.of_organisations else None
        person_in(founder, workspace=workspace, person=founder, organisation=seat)
        roles.grant(FACILITATE, founder, workspace)
    if workspace.alliance is not None and workspace.of_organisations:
        _alliance_in(actor, workspace, workspace.alliance)
    record(actor, verb="group.activated", target=workspace, acting_for=organisation)
    if founder is not None and founder != actor:
        tell([founder], workspace, "group.activated", scoped=False)
    for approach in workspace.approaches.filter(answer="").select_related("organisation", "person", "by"):
        tell_invited(workspace, approach)
    announce(workspace, people=[founder] if founder is not None else [], kind="group.activated")
    return workspace


def _alliance_in(actor: User | None, workspace: Workspace, alliance: Alliance) -> None:
    """The organisations of the alliance are in its room from the beginning."""
    memberships = running(AllianceMembership.objects.filter(alliance=alliance), utc_today())
    for organisation in Organisation.objects.filter(pk__in=memberships.values("organisation_id")).order_by("pk"):
        organisation_in(actor, workspace=workspace, organisation=organisation)


def tell_invited(workspace: Workspace, approach: Approach) -> None:
    """Tell whoever may answer an invitation."""
    invited = [approach.person] if approach.person is not None else []
    if approach.person is None and approach.organisation is not None:
        invited = deciders(approach.organisation)
    payload = {
        "by": approach.by.name if approach.by else "",
        "organisation": approach.organisation.name if approach.organisation else "",
    }
    tell([one for one in invited if one is not None], workspace, "group.invited", payload=payload, scoped=False)


@transaction.atomic
def workspace_decline(actor: User, *, workspace: Workspace, note: str) -> Workspace:
    """Say that a proposed group is not taken up, and why. Raises Refused, ValidationError."""
    workspace = lock(workspace, actor)
    if not policies.can_decide_proposal(actor, workspace) and workspace.state == State.PROPOSED:
        raise Refused(_("Only the Secretariat decides on proposed groups."))
    note = _note(note)
    if not note:
        raise ValidationError({"note": _("Say why, so that whoever proposed it can answer.")})
    _become(actor, workspace, State.DECLINED, note=note)
    record(actor, verb="group.declined", target=workspace, acting_for=None, why=note)
    if workspace.proposed_by is not None:
        tell([workspace.proposed_by], workspace, "group.declined", scoped=False)
    announce(workspace)
    return workspace


@transaction.atomic
def workspace_withdraw(actor: User, *, workspace: Workspace) -> Workspace:
    """Take a proposal back before it was decided on. Raises Refused, ValidationError."""
    workspace = lock(workspace, actor)
    if workspace.state == State.PROPOSED and not policies.can_withdraw_proposal(actor, workspace):
        raise Refused(_("Only whoever proposed the group can take the proposal back."))
    _become(actor, workspace, State.DECLINED)
    record(actor, verb="group.withdrawn", target=workspace, acting_for=workspace.proposed_for)
    announce(workspace)
    return workspace


@transaction.atomic
def workspace_dissolve(actor: User, *, workspace: Workspace, note: str) -> Workspace:
    """Dissolve the group with a closing note; it stays readable for those who could read it. Raises Refused,
    ValidationError."""
    workspace = lock(workspace, actor)
    if workspace.is_active and not policies.can_dissolve(actor, workspace):
        raise Refused(_("Only facilitators and the Secretariat can dissolve a group."))
    note = _note(note)
    if not note:
        raise ValidationError({"note": _("Say what the group leaves behind: this note stays on its page.")})
    _become(actor, workspace, State.DISSOLVED, note=note)
    withdrawn = {"answer": Approach.Answer.WITHDRAWN, "answered_at": timezone.now(), "answered_by": actor}
    workspace.approaches.filter(answer="").update(**withdrawn)
    record(actor, verb="group.dissolved", target=workspace, acting_for=None)
    members = _people_in(workspace)
    tell([one for one in members if one != actor], workspace, "group.dissolved", scoped=True)
    announce(workspace, people=members, kind="group.dissolved")
    return workspace


@transaction.atomic
def workspace_reopen(actor: User, *, workspace: Workspace, note: str = "") -> Workspace:
    """Make an archive a working group again, with whoever is still in it. Raises Refused, ValidationError."""
    workspace = lock(workspace, actor)
    if workspace.state == State.DISSOLVED and not policies.can_reopen(actor, workspace):
        raise Refused(_("Only the Secretariat can reopen a group."))
    _become(actor, workspace, State.ACTIVE, note=_note(note))
    record(actor, verb="group.reopened", target=workspace)
    members = _people_in(workspace)
    tell([one for one in members if one != actor], workspace, "group.reopened", scoped=True)
    announce(workspace, people=members, kind="group.reopened")
    return workspace


def _people_in(workspace: Workspace) -> list[User]:
    there = current_participations().filter(workspace_id=workspace.pk)
    return list(User.objects.filter(pk__in=there.values("person_id")).order_by("pk"))
