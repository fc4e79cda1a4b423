"""Coming in: an organisation, one of its people, or a person for themselves.

An open group is joined, a closed one asked; into a secret one only an invitation leads. Whoever decides for an
organisation brings it in and names its people; colleagues of an organisation in an open group join by themselves, in
a closed one they ask those who name them.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from memberships.people.policies import belongs_to, is_in_network
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from workspaces.groups import policies
from workspaces.groups.models import Approach, Participation, Workspace
from workspaces.groups.selectors.participation import current_participations, facilitators_of
from workspaces.groups.services.effects import announce, lock, organisation_in, person_in, tell
from workspaces.groups.services.numbering import next_number


def _check_active(workspace: Workspace) -> None:
    if not workspace.is_active:
        raise Refused(_("This group is not active, so nobody can come in now."))


@transaction.atomic
def organisation_join(actor: User, *, workspace: Workspace, organisation: Organisation) -> None:
    """Bring the organisation into an open group; `actor` is the first of its people there. Raises Refused."""
    workspace = lock(workspace, actor)
    _check_active(workspace)
    if not policies.joins_at_once(workspace):
        raise Refused(_("This group is not open. Ask to be let in."))
    if organisation.pk not in {one.pk for one in policies.organisations_to_bring(actor, workspace)}:
        raise Refused(_("You cannot bring this organisation into the group."))
    _organisation_comes(actor, workspace, organisation, by=actor)
    announce(workspace, people=[actor])


def _organisation_comes(actor: User, workspace: Workspace, organisation: Organisation, *, by: User) -> None:
    """The organisation is in, and so is `actor`, who brought it in, unless they have a place already."""
    organisation_in(by, workspace=workspace, organisation=organisation)
    record(actor, verb="group.organisation_joined", target=workspace, acting_for=organisation)
    if policies.place(actor, workspace) is None:
        person_in(by, workspace=workspace, person=actor, organisation=organisation)
        record(actor, verb="group.joined", target=workspace, acting_for=organisation)
    payload = {"organisation": organisation.name}
    keeping = facilitators_of(workspace).exclude(pk=actor.pk)
    tell(keeping, workspace, "group.organisation_joined", payload=payload, scoped=True)


@transaction.atomic
def person_join(actor: User, *, workspace: Workspace, organisation: Organisation | None = None) -> Participation:
    """Take part in an open group: among the people of an organisation that is in it, or for oneself (None).

    Raises Refused.
    """
    workspace = lock(workspace, actor)
    _check_active(workspace)
    if not policies.joins_at_once(workspace):
        raise Refused(_("This group is not open. Ask to be let in."))
    _check_may_come(actor, workspace, organisation)
    place = person_in(actor, workspace=workspace, person=actor, organisation=organisation)
    record(actor, verb="group.joined", target=workspace, acting_for=organisation)
    announce(workspace, people=[actor])
    return place


def _check_may_come(actor: User, workspace: Workspace, organisation: Organisation | None) -> None:
    if organisation is None:
        may = policies.can_join_alone(actor, workspace)
    else:
        may = organisation.pk in {one.pk for one in policies.organisations_to_join_for(actor, workspace)}
    if not may:
        raise Refused(_("You cannot take part in this group in that way."))


@transaction.atomic
def organisation_ask(actor: User, *, workspace: Workspace, organisation: Organisation, words: str = "") -> Approach:
    """Ask for the organisation to be let into a closed group. Raises Refused; ValidationError where it waits."""
    workspace = lock(workspace, actor)
    _check_active(workspace)
    if organisation.pk not in {one.pk for one in policies.organisations_to_bring(actor, workspace)}:
        raise Refused(_("You cannot bring this organisation into the group."))
    return _ask(actor, workspace, organisation=organisation, person=None, words=words)


@transaction.atomic
def person_ask(
    actor: User, *, workspace: Workspace, organisation: Organisation | None = None, words: str = ""
) -> Approach:
    """Ask to be let into a closed group: for oneself, or among the people of an organisation that is in it.

    Raises Refused, ValidationError where it waits already.
    """
    workspace = lock(workspace, actor)
    _check_active(workspace)
    _check_may_come(actor, workspace, organisation)
    return _ask(actor, workspace, organisation=organisation, person=actor, words=words)


def _ask(
    actor: User, workspace: Workspace, *, organisation: Organisation | None, person: User | None, words: str
) -> Approach:
    open_ones = workspace.approaches.filter(answer="", person=person)
    if person is None:
        open_ones = open_ones.filter(organisation=organisation)
    if open_ones.exists():
        raise ValidationError(_("An answer is awaited already. There is nothing more to do."))
    approach = Approach.objects.create(
        workspace=workspace,
        number=next_number(workspace, "approach"),
        side=Approach.Side.ASKED,
        organisation=organisation,
        person=person,
        words=words.strip(),
        by=actor,
    )
    record(actor, verb="group.asked", target=workspace, acting_for=organisation)
    payload = {"by": actor.name, "organisation": organisation.name if organisation else ""}
    tell(facilitators_of(workspace), workspace, "group.asked", payload=payload, scoped=True)
    announce(workspace)
    return approach


@transaction.atomic
def come_in(actor: User, *, workspace: Workspace, organisation: Organisation | None, words: str = "") -> bool:
    """Come in for `organisation`, or for oneself (None); where the group is not open, ask for it.

    An organisation that is not in it yet is brought in. Returns whether it happened at once. Raises Refused,
    ValidationError where an answer is awaited already.
    """
    at_once = policies.joins_at_once(workspace)
    brought = {one.pk for one in policies.organisations_to_bring(actor, workspace)}
    if organisation is not None and organisation.pk in brought:
        if at_once:
            organisation_join(actor, workspace=workspace, organisation=organisation)
        else:
            organisation_ask(actor, workspace=workspace, organisation=organisation, words=words)
    elif at_once:
        person_join(actor, workspace=workspace, organisation=organisation)
    else:
        person_ask(actor, workspace=workspace, organisation=organisation, words=words)
    return at_once


@transaction.atomic
def approach_answer(actor: User, *, approach: Approach, accept: bool, reason: str = "") -> Approach:
    """Answer an invitation (by the invited) or a request (by a facilitator).

    Raises Refused, also where the ground has gone meanwhile; ValidationError where it was answered already.
    """
    workspace = lock(approach.workspace, actor)
    approach = (
        Approach.objects.select_for_update(of=["self"])
        .select_related("organisation", "person", "by")
        .get(pk=approach.pk)
    )
    if not approach.is_open:
        raise ValidationError(_("This has been answered already."))
    _check_may_answer(actor, workspace, approach)
    approach.answer = Approach.Answer.ACCEPTED if accept else Approach.Answer.DECLINED
    approach.answered_by, approach.answered_at, approach.reason = actor, timezone.now(), reason.strip()
    approach.save(update_fields=["answer", "answered_by", "answered_at", "reason"])
    came = _comes(actor, workspace, approach) if accept else []
    details = {"accepted": accept, "side": approach.side}
    own = approach.organisation if approach.side == Approach.Side.INVITED else None
    record(actor, verb="group.answered", target=workspace, acting_for=own, details=details, why=reason)
    _tell_answer(actor, workspace, approach)
    announce(workspace, people=came)
    return approach


def _check_may_answer(actor: User, workspace: Workspace, approach: Approach) -> None:
    _check_active(workspace)
    if approach.side == Approach.Side.ASKED:
        if not policies.can_facilitate(actor, workspace):
            raise Refused(_("Only facilitators answer those who ask to be let in."))
    elif not policies.open_invitations(actor, workspace).filter(pk=approach.pk).exists():
        raise Refused(_("This invitation is not yours to answer."))


def _comes(actor: User, workspace: Workspace, approach: Approach) -> list[User]:
    """Whoever the approach was about is in. Returns whose rights changed."""
    who, organisation = approach.person, approach.organisation
    if who is None and organisation is not None:
        # Asked for by somebody who may decide no longer: the organisation comes all the same, the person does not.
        first = actor if approach.side == Approach.Side.INVITED else approach.by
        if first is not None and policies.can_send_for(first, organisation):
            _organisation_comes(first, workspace, organisation, by=actor)
            return [first]
        organisation_in(actor, workspace=workspace, organisation=organisation)
        return []
    if who is None or not _still_may(who, workspace, organisation):
        raise Refused(_("Whoever asked cannot take part any more."))
    if policies.place(who, workspace) is None:
        person_in(actor, workspace=workspace, person=who, organisation=organisation)
        record(actor, verb="group.joined", target=workspace, acting_for=organisation)
    return [who]


def _still_may(who: User, workspace: Workspace, organisation: Organisation | None) -> bool:
    if organisation is None:
        return is_in_network(who)
    there = workspace.organisations.filter(organisation=organisation, until__isnull=True)
    return belongs_to(who, organisation) and there.exists()


def _tell_answer(actor: User, workspace: Workspace, approach: Approach) -> None:
    accepted = approach.answer == Approach.Answer.ACCEPTED
    kind = "group.let_in" if accepted else "group.not_let_in"
    if approach.side == Approach.Side.ASKED:
        asking = [one for one in (approach.by,) if one is not None and one != actor]
        tell(asking, workspace, kind, scoped=False)
    elif not accepted:
        who = approach.organisation.name if approach.organisation else actor.name
        keeping = facilitators_of(workspace).exclude(pk=actor.pk)
        tell(keeping, workspace, "group.invitation_declined", payload={"who": who}, scoped=True)


@transaction.atomic
def approach_withdraw(actor: User, *, approach: Approach) -> Approach:
    """Take back an invitation (a facilitator) or one's own request. Raises Refused; answered already: unchanged."""
    workspace = lock(approach.workspace, actor)
    approach = Approach.objects.select_for_update().get(pk=approach.pk)
    if not approach.is_open:
        return approach
    own = approach.by_id == actor.pk and approach.side == Approach.Side.ASKED
    if not own and not (approach.side == Approach.Side.INVITED and policies.can_invite(actor, workspace)):
        raise Refused(_("This is not yours to take back."))
    approach.answer = Approach.Answer.WITHDRAWN
    approach.answered_by, approach.answered_at = actor, timezone.now()
    approach.save(update_fields=["answer", "answered_by", "answered_at"])
    record(actor, verb="group.approach_withdrawn", target=workspace, details={"side": approach.side})
    announce(workspace)
    return approach


@transaction.atomic
def colleague_name(actor: User, *, workspace: Workspace, organisation: Organisation, person: User) -> Participation:
    """Name one of the organisation's people to take part. Raises Refused, ValidationError where they do already."""
    workspace = lock(workspace, actor)
    _check_active(workspace)
    if not policies.can_name_people(actor, workspace, organisation):
        raise Refused(_("Only administrators and delegates name who takes part for their organisation."))
    if not person.is_active or not belongs_to(person, organisation):
        raise ValidationError({"person": _("Choose a colleague who belongs to the organisation now.")})
    if current_participations().filter(workspace_id=workspace.pk, person=person).exists():
        raise ValidationError({"person": _("This colleague takes part already.")})
    place = person_in(actor, workspace=workspace, person=person, organisation=organisation)
    record(actor, verb="group.colleague_named", target=workspace, acting_for=organisation)
    if person != actor:
        payload = {"by": actor.name, "organisation": organisation.name}
        tell([person], workspace, "group.named", payload=payload, scoped=False)
    announce(workspace, people=[person])
    return place
