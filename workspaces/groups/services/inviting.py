"""Inviting: organisations and people of the network, and guests from outside it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from memberships.people.policies import is_in_network
from memberships.people.services import ensure_profile
from portal.access.refusal import Refused
from portal.accounts import services as accounts
from portal.accounts.models import Invitation, User
from portal.audit.services import record
from workspaces.groups import policies
from workspaces.groups.models import Approach, GuestInvitation, Participation, Workspace
from workspaces.groups.selectors.participation import current_organisations, current_participations, today
from workspaces.groups.services.effects import announce, lock, person_in
from workspaces.groups.services.numbering import next_number
from workspaces.groups.services.state import tell_invited

PURPOSE: Final = "guest"
LONGEST_STAY: Final = timedelta(days=366)
"""A guest's last day is at most so far away; it can be moved on."""
OPEN_INVITATIONS: Final = 30
"""So many guests may be invited to one group and not have answered: it is no way to write to strangers."""


def _keeping(actor: User, workspace: Workspace) -> Workspace:
    """The group, locked, if `actor` may invite to it. Raises Refused."""
    locked = lock(workspace, actor)
    if not policies.can_invite(actor, locked):
        raise Refused(_("Only facilitators invite to a group."))
    return locked


@transaction.atomic
def organisation_invite(actor: User, *, workspace: Workspace, organisation: Organisation, words: str = "") -> Approach:
    """Invite an organisation; whoever decides for it can answer. Raises Refused, ValidationError."""
    workspace = _keeping(actor, workspace)
    if not workspace.of_organisations:
        raise ValidationError({"organisation": _("In this group people take part for themselves. Invite them.")})
    if current_organisations().filter(workspace_id=workspace.pk, organisation=organisation).exists():
        raise ValidationError({"organisation": _("This organisation takes part already.")})
    return _invite(actor, workspace, organisation=organisation, person=None, words=words)


@transaction.atomic
def person_invite(actor: User, *, workspace: Workspace, person: User, words: str = "") -> Approach:
    """Invite a person of the network to take part for themselves. Raises Refused, ValidationError."""
    workspace = _keeping(actor, workspace)
    if not person.is_active or not is_in_network(person):
        raise ValidationError({"person": _("This person does not belong to the network. Invite them as a guest.")})
    if current_participations().filter(workspace_id=workspace.pk, person=person).exists():
        raise ValidationError({"person": _("This person takes part already.")})
    return _invite(actor, workspace, organisation=None, person=person, words=words)


def _invite(
    actor: User, workspace: Workspace, *, organisation: Organisation | None, person: User | None, words: str
) -> Approach:
    waiting = workspace.approaches.filter(answer="", organisation=organisation, person=person)
    if waiting.filter(side=Approach.Side.ASKED).exists():
        raise ValidationError(_("They have asked to be let in themselves. Answer that."))
    if waiting.exists():
        raise ValidationError(_("An invitation waits for an answer already."))
    approach = Approach.objects.create(
        workspace=workspace,
        number=next_number(workspace, "approach"),
        side=Approach.Side.INVITED,
        organisation=organisation,
        person=person,
        words=words.strip(),
        by=actor,
    )
    record(actor, verb="group.invited", target=workspace)
    tell_invited(workspace, approach)
    announce(workspace)
    return approach


@transaction.atomic
def guest_invite(
    actor: User, *, workspace: Workspace, email: str, name: str, guest_from: str, ends_on: date, language: str = "en"
) -> GuestInvitation:
    """Invite somebody from outside the network by mail, until a day (UTC, inclusive).

    They see this one group and nothing else of the network. `guest_from` is shown beside their name wherever they
    speak. Raises Refused, ValidationError by field.
    """
    workspace = _keeping(actor, workspace)
    _check_last_day(ends_on)
    email = email.strip().lower()
    waiting = GuestInvitation.objects.filter(workspace=workspace).select_related("invitation")
    unanswered = [one.invitation for one in waiting if one.invitation.is_open]
    if any(one.email == email for one in unanswered):
        raise ValidationError({"email": _("An invitation to this address is waiting.")})
    if len(unanswered) >= OPEN_INVITATIONS:
        raise ValidationError(_("Too many invitations to guests are waiting. Withdraw one first."))
    invitation, _token = accounts.invitation_create(actor, email=email, name=name, purpose=PURPOSE, language=language)
    guest = GuestInvitation.objects.create(
        invitation=invitation,
        workspace=workspace,
        number=next_number(workspace, "guest invitation"),
        guest_from=guest_from.strip(),
        ends_on=ends_on,
    )
    details = {"invitation": invitation.pk, "until": ends_on.isoformat()}
    record(actor, verb="group.guest_invited", target=workspace, details=details)
    announce(workspace)
    return guest


@transaction.atomic
def guest_invitation_withdraw(actor: User, *, guest: GuestInvitation) -> None:
    """Take back an invitation of a guest that waits. Raises Refused, also where it was accepted meanwhile."""
    # The invitation first, as in its acceptance: two changes that lock in opposite order would wait for each other.
    Invitation.objects.select_for_update().get(pk=guest.invitation_id)
    workspace = _keeping(actor, guest.workspace)
    try:
        accounts.invitation_revoke(actor, invitation=guest.invitation)
    except accounts.InvitationClosed:
        raise Refused(_("This invitation has been accepted already.")) from None
    details = {"invitation": guest.invitation_id}
    record(actor, verb="group.approach_withdrawn", target=workspace, details=details)
    announce(workspace)


def _check_last_day(ends_on: date) -> None:
    if ends_on < today():
        raise ValidationError({"ends_on": _("This day is past. Give a later one.")})
    if ends_on > today() + LONGEST_STAY:
        raise ValidationError({"ends_on": _("A guest can stay for a year at most. The day can be moved on later.")})


@transaction.atomic
def guest_accepted(invitation: Invitation, person: User) -> None:
    """What accepting leads to: `person` takes part in that one group until the day.

    Raises Refused, and nothing is accepted, where whoever invited may no longer do so, or the group has ended.
    """
    guest = GuestInvitation.objects.select_related("workspace", "invitation__invited_by").get(invitation=invitation)
    inviter = guest.invitation.invited_by
    workspace = lock(guest.workspace, inviter, person)
    if not policies.can_invite(inviter, workspace) or guest.ends_on < today():
        raise Refused(_("This invitation no longer holds. Ask for a new one."))
    ensure_profile(person)
    if policies.place(person, workspace) is None:
        person_in(
            inviter,
            workspace=workspace,
            person=person,
            is_guest=True,
            guest_from=guest.guest_from,
            ends_on=guest.ends_on,
        )
    record(person, verb="group.guest_joined", target=workspace, details={"until": guest.ends_on.isoformat()})
    announce(workspace, people=[person])


@transaction.atomic
def guest_prolong(actor: User, *, participation: Participation, ends_on: date) -> Participation:
    """Move a guest's last day. Raises Refused, ValidationError."""
    workspace = _keeping(actor, participation.workspace)
    _check_last_day(ends_on)
    place = Participation.objects.select_for_update().get(pk=participation.pk)
    if not place.is_guest or place.until is not None:
        raise ValidationError({"ends_on": _("This guest's time has ended. Invite them again.")})
    place.ends_on = ends_on
    place.save(update_fields=["ends_on"])
    details = {"until": ends_on.isoformat()}
    record(actor, verb="group.guest_prolonged", target=workspace, details=details)
    announce(workspace)
    return place
