"""Who takes part in a group, as one reader may know it: organisations with their people, people, guests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from memberships.organisations.models import Organisation
from memberships.people.models import Affiliation
from memberships.people.policies import visible_to as visible_people
from memberships.people.selectors.team import colleagues_of
from portal.accounts.models import User
from workspaces.groups import policies
from workspaces.groups.models import Approach, GuestInvitation, Participation, Workspace
from workspaces.groups.selectors.frame import of_secretariat
from workspaces.groups.selectors.participation import current_participations, facilitates


@dataclass(frozen=True)
class Member:
    """One person in the group. What the reader may do about their place is said by the flags."""

    place: Participation
    facilitates: bool
    of_secretariat: bool
    linked: bool  # the reader may see the person's page
    may_end: bool
    may_appoint: bool
    may_dismiss: bool
    may_prolong: bool
    is_self: bool

    @property
    def person(self) -> User:
        return self.place.person

    @property
    def may_act(self) -> bool:
        """Whether there is anything to do about this place."""
        return self.may_end or self.may_appoint or self.may_dismiss or self.may_prolong


@dataclass(frozen=True)
class OrganisationIn:
    """One organisation in the group with its people there, those who keep the group first."""

    organisation: Organisation
    members: list[Member] = field(default_factory=list)
    may_name: bool = False
    may_take_out: bool = False


def organisations_in(reader: User, workspace: Workspace) -> QuerySet[Organisation]:
    """The organisations in the group that `reader` may know of, those that keep it first, then by name.

    Each with `people_here`, how many of its people take part.
    """
    there = current_participations().filter(workspace_id=workspace.pk, organisation_id=OuterRef("pk"))
    shown = policies.participants_shown(reader, workspace).filter(organisation_id=OuterRef("pk"))
    people = shown.order_by().values("organisation_id").annotate(n=Count("pk")).values("n")
    return (
        policies.organisations_shown(reader, workspace)
        .annotate(people_here=Subquery(people), convenes=Exists(there.filter(facilitates())))
        .select_related("logo")
        .order_by("-convenes", "name_sort", "pk")
    )


def with_people(reader: User, workspace: Workspace, organisations: Sequence[Organisation]) -> list[OrganisationIn]:
    """These organisations of the group with their people, as far as `reader` may know of them; two queries."""
    places = _places(reader, workspace, Q(organisation__in=[one.pk for one in organisations]))
    by_organisation: dict[int | None, list[Member]] = defaultdict(list)
    for member in members(reader, workspace, places):
        by_organisation[member.place.organisation_id].append(member)
    decided = {acting.organisation.pk for acting in policies.sent_for(reader)} if workspace.is_active else set()
    keeps = policies.can_facilitate(reader, workspace)
    return [
        OrganisationIn(
            organisation=one,
            members=by_organisation[one.pk],
            may_name=one.pk in decided,
            may_take_out=one.pk in decided or keeps,
        )
        for one in organisations
    ]


def people_alone(reader: User, workspace: Workspace) -> list[Member]:
    """Those who take part for themselves, and the Secretariat's staff."""
    return members(reader, workspace, _places(reader, workspace, Q(organisation__isnull=True, is_guest=False)))


def guests_in(reader: User, workspace: Workspace) -> list[Member]:
    """The guests of the group."""
    return members(reader, workspace, _places(reader, workspace, Q(is_guest=True)))


def facilitators_shown(reader: User, workspace: Workspace) -> list[Member]:
    """Who keeps the group, for whoever may see its people."""
    there = policies.participants_shown(reader, workspace).filter(facilitates(), is_guest=False)
    return members(reader, workspace, there)


def _places(reader: User, workspace: Workspace, which: Q) -> QuerySet[Participation]:
    return policies.participants_shown(reader, workspace).filter(which)


def members(reader: User, workspace: Workspace, places: QuerySet[Participation]) -> list[Member]:
    """These places as `reader` sees them, those who keep the group first, then by name; one query."""
    rows = (
        places.annotate(
            facilitates=facilitates(),
            of_secretariat=of_secretariat(),
            linked=Exists(visible_people(reader).filter(pk=OuterRef("person_id"))),
        )
        .select_related("person", "organisation")
        .order_by("-facilitates", "person__profile__name_sort", "person__name", "pk")
    )
    keeps = policies.can_facilitate(reader, workspace)
    appoints = policies.can_appoint(reader, workspace)
    decided = {acting.organisation.pk for acting in policies.sent_for(reader)} if workspace.is_active else set()
    return [
        Member(
            place=row,
            facilitates=row.facilitates and not row.is_guest,
            of_secretariat=row.of_secretariat,
            linked=row.linked,
            may_end=keeps or row.person_id == reader.pk or row.organisation_id in decided,
            may_appoint=appoints and not row.facilitates and not row.is_guest,
            may_dismiss=appoints and row.facilitates and not row.is_guest,
            may_prolong=keeps and row.is_guest,
            is_self=row.person_id == reader.pk,
        )
        for row in rows
    ]


def place_by_number(reader: User, workspace: Workspace, number: int) -> Participation | None:
    """The running place with that number, if `reader` may know of it."""
    shown = policies.participants_shown(reader, workspace)
    return shown.select_related("person", "organisation", "workspace").filter(number=number).first()


def organisation_by_slug(reader: User, workspace: Workspace, slug: str) -> Organisation | None:
    """The organisation in the group at that address, if `reader` may know that it is there."""
    return policies.organisations_shown(reader, workspace).filter(slug=slug).first()


def colleagues_to_name(workspace: Workspace, organisation: Organisation) -> list[Affiliation]:
    """The organisation's people who do not take part in the group."""
    there = current_participations().filter(workspace_id=workspace.pk)
    return list(colleagues_of(organisation).exclude(person__in=there.values("person_id")))


def requests_waiting(workspace: Workspace) -> QuerySet[Approach]:
    """Who asks to be let in and waits for an answer, in the order in which they came."""
    return _open(workspace).filter(side=Approach.Side.ASKED)


def invitations_open(workspace: Workspace) -> QuerySet[Approach]:
    """The invitations to organisations and people that wait for an answer."""
    return _open(workspace).filter(side=Approach.Side.INVITED)


def _open(workspace: Workspace) -> QuerySet[Approach]:
    waiting = workspace.approaches.filter(answer="").select_related("organisation__logo", "person", "by", "workspace")
    return waiting.order_by("pk")


def guest_invitations_open(workspace: Workspace) -> list[GuestInvitation]:
    """The invitations to guests that wait for an answer, or have run out."""
    waiting = workspace.guest_invitations.filter(
        invitation__accepted_at__isnull=True, invitation__revoked_at__isnull=True
    )
    return list(waiting.select_related("invitation__invited_by", "workspace").order_by("pk"))
