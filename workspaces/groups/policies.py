"""Who may know of a group, read in it, work in it, come in, and keep it.

Three circles, each in the one before: to *see* that a group exists and what it says about itself; to *read* what is
said in it; to *take part*, which is to write. What lives in a group (chat, files, a forum) asks these and has no
grants of its own.

- Open: everyone in the network sees and reads, whoever joined writes.
- Closed: everyone in the network sees, participants read and write.
- Secret: participants and whoever is invited see; participants read and write. The Secretariat knows that it exists,
  for it activates and dissolves groups; what is said in it, it cannot read either.
- The commons is where everyone in the network takes part without joining.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from memberships.organisations.models import Organisation, Standing
from memberships.organisations.policies import own_ids
from memberships.organisations.selectors.standing import on_day
from memberships.people.models import Affiliation, Role
from memberships.people.policies import Reader, is_in_network
from memberships.people.selectors import Acting, organisations_of
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from workspaces.groups.models import Approach, Participation, Workspace
from workspaces.groups.selectors.participation import (
    Place,
    at_risk_there,
    current_organisations,
    current_participations,
    organisations_there,
    place_in,
    places_of,
    today,
)

_RUN = (Workspace.State.ACTIVE, Workspace.State.DISSOLVED)
_SHOWN = (Workspace.Visibility.OPEN, Workspace.Visibility.CLOSED)
SENDING_ROLES = frozenset({Role.ADMINISTRATOR, Role.DELEGATE})
"""Whoever holds one of them may take part for the organisation as such: bring it in, name its people, take it out."""


def place(actor: Reader, workspace: Workspace) -> Place | None:
    """The actor's place in the group now, or None."""
    return place_in(actor, workspace) if isinstance(actor, User) and actor.is_active else None


def sent_for(actor: Reader) -> list[Acting]:
    """The organisations for which `actor` may decide that they take part somewhere."""
    if not isinstance(actor, User) or not actor.is_active:
        return []
    return [acting for acting in organisations_of(actor) if acting.roles & SENDING_ROLES]


def can_send_for(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may decide that `organisation` takes part somewhere, and name its people."""
    return any(acting.organisation.pk == organisation.pk for acting in sent_for(actor))


# To see


def can_see(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may know that the group exists and what it says about itself; half of `visible_to`."""
    if not isinstance(actor, User) or not actor.is_active:
        return False
    if is_secretariat(actor) or (workspace.state in _RUN and place(actor, workspace) is not None):
        return True
    if workspace.state not in _RUN:
        return _proposed(actor, workspace)
    return (workspace.visibility in _SHOWN and is_in_network(actor)) or is_invited(actor, workspace)


def _proposed(actor: User, workspace: Workspace) -> bool:
    """Whether it is a proposal of the actor's own, or of an organisation for which they may decide."""
    if workspace.proposed_by_id == actor.pk:
        return is_in_network(actor)
    return workspace.proposed_for_id in {acting.organisation.pk for acting in sent_for(actor)}


def visible_to(actor: Reader) -> QuerySet[Workspace]:
    """The other half of `can_see`."""
    if not isinstance(actor, User) or not actor.is_active:
        return Workspace.objects.none()
    if is_secretariat(actor):
        return Workspace.objects.all()
    shown = Q(state__in=_RUN, pk__in=list(places_of(actor)))
    shown |= Q(Exists(_invitations_to(actor)), state__in=_RUN)
    if is_in_network(actor):
        shown |= Q(state__in=_RUN, visibility__in=_SHOWN)
        proposals = Q(proposed_by_id=actor.pk) | Q(proposed_for__in=[own.organisation.pk for own in sent_for(actor)])
        shown |= proposals & ~Q(state__in=_RUN)
    return Workspace.objects.filter(shown)


def open_invitations(actor: Reader, workspace: Workspace) -> QuerySet[Approach]:
    """The invitations to this group that `actor` may answer: their own, and those to organisations they decide for."""
    if not isinstance(actor, User) or not actor.is_active:
        return Approach.objects.none()
    return _invitations(actor).filter(workspace_id=workspace.pk)


def is_invited(actor: Reader, workspace: Workspace) -> bool:
    """Whether an invitation waits that `actor` may answer."""
    return open_invitations(actor, workspace).exists()


def _invitations(actor: User) -> QuerySet[Approach]:
    waiting = Approach.objects.filter(side=Approach.Side.INVITED, answer="")
    organisations = [acting.organisation.pk for acting in sent_for(actor)]
    own = Q(person_id=actor.pk) if is_in_network(actor) else Q(pk__in=[])
    return waiting.filter(own | Q(person__isnull=True, organisation__in=organisations))


def invitations_for(actor: Reader) -> QuerySet[Approach]:
    """Every invitation that waits for an answer of `actor`'s, to groups that are active."""
    if not isinstance(actor, User) or not actor.is_active:
        return Approach.objects.none()
    return _invitations(actor).filter(workspace__state=Workspace.State.ACTIVE)


def _invitations_to(actor: User) -> QuerySet[Approach]:
    return _invitations(actor).filter(workspace_id=OuterRef("pk"))


# To read


def can_read(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may read what is said in the group, now or in its archive; half of `readable_by`."""
    if not isinstance(actor, User) or not actor.is_active or workspace.state not in _RUN:
        return False
    if place(actor, workspace) is not None:
        return True
    return workspace.visibility == Workspace.Visibility.OPEN and is_in_network(actor)


def readable_by(actor: Reader) -> QuerySet[Workspace]:
    """The other half of `can_read`; join it for whatever lives in groups."""
    if not isinstance(actor, User) or not actor.is_active:
        return Workspace.objects.none()
    shown = Q(pk__in=list(places_of(actor)))
    if is_in_network(actor):
        shown |= Q(visibility=Workspace.Visibility.OPEN)
    return Workspace.objects.filter(shown, state__in=_RUN)


# To take part


def can_take_part(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may write in the group now."""
    if not workspace.is_active:
        return False
    if workspace.kind == Workspace.Kind.COMMONS:
        return is_in_network(actor) or place(actor, workspace) is not None
    return place(actor, workspace) is not None


def speaks_for(actor: User, workspace: Workspace) -> tuple[list[Organisation], bool]:
    """For which organisations `actor` may speak in the group now, and whether for themselves.

    Where organisations take part: those of the actor's that do. Elsewhere all that the actor belongs to, or
    themselves. Guests, and the Secretariat's staff, speak as themselves.
    """
    held = place(actor, workspace)
    if held is not None and held.is_guest:
        return [], True
    own = [acting.organisation for acting in organisations_of(actor)]
    if not workspace.of_organisations or workspace.kind == Workspace.Kind.COMMONS:
        return own, True
    there = organisations_there(workspace)
    speaking = [organisation for organisation in own if organisation.pk in there]
    return speaking, held is not None and held.organisation is None


def can_facilitate(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` keeps the group: lets in, removes, changes what it says about itself."""
    held = place(actor, workspace)
    return held is not None and held.facilitates and workspace.is_active


# To come in and to go


def can_propose(actor: Reader) -> list[Acting]:
    """The organisations for which `actor` may propose a group: full members that they decide for."""
    deciding = sent_for(actor)
    full = set(
        Standing.objects.filter(
            on_day(today()), kind=Standing.Kind.FULL, organisation__in=[own.organisation.pk for own in deciding]
        ).values_list("organisation_id", flat=True)
    )
    return [acting for acting in deciding if acting.organisation.pk in full]


def organisations_to_bring(actor: Reader, workspace: Workspace) -> list[Organisation]:
    """The organisations that `actor` could bring in, by joining or by asking: theirs to decide for, not in yet."""
    if not workspace.is_active or not workspace.of_organisations or workspace.is_secret:
        return []
    deciding = sent_for(actor)
    there = organisations_there(workspace) if deciding else set()
    return [acting.organisation for acting in deciding if acting.organisation.pk not in there]


def organisations_to_join_for(actor: Reader, workspace: Workspace) -> list[Organisation]:
    """The organisations in the group for which `actor` could take part, and does not take part at all yet."""
    if not isinstance(actor, User) or not workspace.is_active or not workspace.of_organisations:
        return []
    if place(actor, workspace) is not None or not can_see(actor, workspace):
        return []
    there = organisations_there(workspace)
    return [acting.organisation for acting in organisations_of(actor) if acting.organisation.pk in there]


def can_join_alone(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` could come in for themselves, by joining or by asking."""
    if not workspace.is_active or workspace.is_secret or place(actor, workspace) is not None:
        return False
    if is_secretariat(actor):
        return True
    return not workspace.of_organisations and is_in_network(actor)


def entrances(actor: Reader, workspace: Workspace) -> tuple[list[Organisation], bool]:
    """For which organisations `actor` could come in or ask to, and whether for themselves.

    Whoever has a place already can still bring in another organisation. Nobody needs to come into the commons.
    """
    if workspace.kind == Workspace.Kind.COMMONS or not can_see(actor, workspace):
        return [], False
    found = [*organisations_to_bring(actor, workspace), *organisations_to_join_for(actor, workspace)]
    return found, can_join_alone(actor, workspace)


def joins_at_once(workspace: Workspace) -> bool:
    """Whether whoever may come in needs nobody's consent."""
    return workspace.visibility == Workspace.Visibility.OPEN


def can_name_people(actor: Reader, workspace: Workspace, organisation: Organisation) -> bool:
    """Whether `actor` may name which of the organisation's people take part: who decides for it, once it takes part."""
    if not workspace.is_active or not can_send_for(actor, organisation):
        return False
    return current_organisations().filter(workspace_id=workspace.pk, organisation_id=organisation.pk).exists()


def can_take_out(actor: Reader, workspace: Workspace, organisation: Organisation) -> bool:
    """Whether `actor` may take the organisation out of the group: who decides for it, a facilitator."""
    return workspace.is_active and (can_send_for(actor, organisation) or can_facilitate(actor, workspace))


def can_answer(actor: Reader, approach: Approach) -> bool:
    """Whether `actor` may answer that invitation or request now."""
    if not approach.is_open or not approach.workspace.is_active:
        return False
    if approach.side == Approach.Side.ASKED:
        return can_facilitate(actor, approach.workspace)
    return open_invitations(actor, approach.workspace).filter(pk=approach.pk).exists()


def can_end(actor: Reader, participation: Participation) -> bool:
    """Whether `actor` may end that place: whoever has it, who decides for its organisation, a facilitator."""
    workspace = participation.workspace
    if not isinstance(actor, User) or not actor.is_active:
        return False
    if participation.person_id == actor.pk:
        return place(actor, workspace) is not None
    if participation.organisation_id is not None and participation.organisation_id in {
        acting.organisation.pk for acting in sent_for(actor)
    }:
        return workspace.is_active
    return can_facilitate(actor, workspace)


# Who is in it


def can_see_participants(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may see which people take part, and not organisations alone."""
    return can_read(actor, workspace) or is_secretariat(actor)


def knows_everybody(actor: Reader, workspace: Workspace) -> bool:
    """Whether nobody's being there is kept from `actor`, among those that they may see at all."""
    return is_secretariat(actor) or place(actor, workspace) is not None


def organisations_shown(actor: Reader, workspace: Workspace) -> QuerySet[Organisation]:
    """The organisations in the group, as far as `actor` may know of their being there.

    Whoever reads in it with a place of their own, and the Secretariat, know of all. Of an organisation at risk
    nobody else is told where it takes part.
    """
    there = current_organisations().filter(workspace_id=workspace.pk).values("organisation_id")
    found = Organisation.objects.filter(pk__in=there)
    if knows_everybody(actor, workspace):
        return found
    return found.filter(Q(at_risk=False) | Q(pk__in=own_ids(actor)))


def organisations_known(actor: Reader, workspace: Workspace) -> set[int]:
    """Those of `organisations_shown`, by id; asks nothing where the group was read with its organisations."""
    there = organisations_there(workspace)
    if not there or knows_everybody(actor, workspace):
        return there
    return there - (at_risk_there(workspace) - set(own_ids(actor)))


def decided_in(actor: Reader, workspace: Workspace) -> set[int]:
    """The organisations in the group for which `actor` decides who of theirs takes part."""
    if not workspace.is_active or not can_see(actor, workspace):
        return set()
    deciding = {acting.organisation.pk for acting in sent_for(actor)}
    return deciding & organisations_there(workspace) if deciding else set()


def participants_shown(actor: Reader, workspace: Workspace) -> QuerySet[Participation]:
    """The places in the group as far as `actor` may know of them: see `organisations_shown`.

    Whoever decides for an organisation in it knows of its own people there.
    """
    there = current_participations().filter(workspace_id=workspace.pk)
    if not can_see_participants(actor, workspace):
        deciding = [acting.organisation.pk for acting in sent_for(actor)] if can_see(actor, workspace) else []
        return there.filter(organisation__in=deciding)
    if knows_everybody(actor, workspace):
        return there
    own = own_ids(actor)
    risky = Organisation.objects.filter(at_risk=True).exclude(pk__in=own)
    return there.exclude(
        person__affiliations__in=_current_affiliations_to(risky),
    )


def _current_affiliations_to(organisations: QuerySet[Organisation]) -> QuerySet[Affiliation]:
    return Affiliation.objects.filter(organisation__in=organisations, until__isnull=True)


# To keep


def can_edit(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may change what the group says about itself: its facilitators; the Secretariat of its own."""
    return can_facilitate(actor, workspace)


def can_decide_proposal(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may start or decline a proposed group."""
    return is_secretariat(actor) and workspace.state == Workspace.State.PROPOSED


def can_withdraw_proposal(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may take a proposal back."""
    return isinstance(actor, User) and workspace.state == Workspace.State.PROPOSED and _proposed(actor, workspace)


def can_dissolve(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may dissolve the group: its facilitators and the Secretariat."""
    return workspace.is_active and (can_facilitate(actor, workspace) or is_secretariat(actor))


def can_reopen(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may make the archive a working group again: the Secretariat."""
    return workspace.state == Workspace.State.DISSOLVED and is_secretariat(actor)


def can_appoint(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may give and take the facilitator's role: facilitators, and the Secretariat for a group left
    without any."""
    return workspace.is_active and (can_facilitate(actor, workspace) or is_secretariat(actor))


def can_invite(actor: Reader, workspace: Workspace) -> bool:
    """Whether `actor` may invite organisations, people and guests."""
    return can_facilitate(actor, workspace)


def can_overlook(actor: Reader) -> bool:
    """Whether `actor` may see the overview of all groups: the Secretariat."""
    return is_secretariat(actor)
