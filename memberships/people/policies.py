"""Who may do what for an organisation, and who may see whom. Rights follow from a current affiliation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from memberships.people.models import Affiliation, Profile, Role, RoleTerm
from memberships.people.selectors import acting_for, administrators_of, current_affiliations, organisations_of
from portal.access.policies import is_secretariat
from portal.accounts.models import User

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation

Reader = User | AnonymousUser

GIVEN_ROLES: Final = (Role.ADMINISTRATOR, Role.DELEGATE, Role.ALTERNATE, Role.SIGNATORY)
"""Roles that are given. Nobody is given `STAFF`: it comes with the affiliation."""

MAY_GIVE: Final[Mapping[Role, frozenset[Role]]] = {
    Role.ADMINISTRATOR: frozenset(GIVEN_ROLES),
    Role.DELEGATE: frozenset(),
    Role.ALTERNATE: frozenset(),
    Role.SIGNATORY: frozenset(),
    Role.STAFF: frozenset(),
}
"""Who may give and take which roles: by the role that a person holds in the organisation."""

RECOVERY_MAY_GIVE: Final = frozenset({Role.ADMINISTRATOR})
"""What the Secretariat may give, and only where nobody keeps the organisation."""


def is_in_network(actor: Reader) -> bool:
    """Whether `actor` belongs to the network now: affiliated to an organisation, or of the Secretariat."""
    return isinstance(actor, User) and actor.is_active and (is_secretariat(actor) or bool(organisations_of(actor)))


def belongs_to(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` is one of the organisation's own people now."""
    return isinstance(actor, User) and actor.is_active and acting_for(actor, organisation.pk) is not None


def holds_role(actor: Reader, organisation: Organisation, role: Role) -> bool:
    """Whether `actor` holds `role` in the organisation now."""
    if not isinstance(actor, User) or not actor.is_active:
        return False
    acting = acting_for(actor, organisation.pk)
    return acting is not None and acting.holds(role)


def is_administrator(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` keeps the organisation's profile and team now."""
    return holds_role(actor, organisation, Role.ADMINISTRATOR)


def can_manage_people(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may invite colleagues, give and end roles there: its administrators.

    The Secretariat recovers an organisation that has none (services), it does not manage those that have.
    """
    return is_administrator(actor, organisation)


def can_recover(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may appoint or invite an administrator from outside: the Secretariat, where there is none."""
    return is_secretariat(actor) and not administrators_of(organisation).exists()


def roles_to_give(actor: Reader, organisation: Organisation) -> frozenset[Role]:
    """The roles that `actor` may give in the organisation now."""
    held = [role for role in Role if holds_role(actor, organisation, role)]
    given = frozenset[Role]().union(*(MAY_GIVE[role] for role in held))
    if Role.ADMINISTRATOR not in given and can_recover(actor, organisation):
        given |= RECOVERY_MAY_GIVE
    return given


def can_give_roles(actor: Reader, organisation: Organisation, roles: Iterable[Role]) -> bool:
    """Whether `actor` may give each of `roles` in the organisation."""
    return roles_to_give(actor, organisation).issuperset(roles)


def can_invite(actor: Reader, organisation: Organisation, roles: Iterable[Role]) -> bool:
    """Whether `actor` may invite someone who is to hold `roles`; asked again when the invitation is accepted.

    Whoever recovers an organisation invites an administrator and nobody else.
    """
    chosen = frozenset(roles)
    if can_manage_people(actor, organisation):
        return can_give_roles(actor, organisation, chosen)
    return chosen == RECOVERY_MAY_GIVE and can_recover(actor, organisation)


def can_edit_affiliation(actor: Reader, affiliation: Affiliation) -> bool:
    """Whether `actor` may change title and roles of that affiliation: the administrators there."""
    return affiliation.until is None and can_manage_people(actor, affiliation.organisation)


def can_end_role(actor: Reader, affiliation: Affiliation, role: Role) -> bool:
    """Whether `actor` may end that role: who may give it, and whoever holds it.

    That someone must remain to keep the organisation is checked by the service, under its lock.
    """
    own = isinstance(actor, User) and actor.is_active and affiliation.person_id == actor.pk
    return affiliation.until is None and (own or can_give_roles(actor, affiliation.organisation, [role]))


def can_end_affiliation(actor: Reader, affiliation: Affiliation) -> bool:
    """Whether `actor` may end that affiliation: the administrators there, and the person who leaves."""
    own = isinstance(actor, User) and actor.is_active and affiliation.person_id == actor.pk
    return affiliation.until is None and (own or can_manage_people(actor, affiliation.organisation))


def can_see_team(actor: Reader, organisation: Organisation) -> bool:
    """Whether `actor` may open the organisation's team page: its own people and the Secretariat."""
    return belongs_to(actor, organisation) or is_secretariat(actor)


def kept_by(actor: Reader) -> QuerySet[User]:
    """The people whose accounts `actor` may lock, and unlock with another: colleagues, as their administrator.

    Also those whose account is locked already and who therefore are seen nowhere else.
    """
    if not isinstance(actor, User) or not actor.is_active:
        return User.objects.none()
    kept = [acting.organisation.pk for acting in organisations_of(actor) if acting.holds(Role.ADMINISTRATOR)]
    return _affiliated_to(kept).exclude(pk=actor.pk)


def keepers_of(person: User) -> QuerySet[User]:
    """The administrators of the organisations that `person` belongs to now, without themselves."""
    own = [acting.organisation.pk for acting in organisations_of(person)]
    term = RoleTerm.objects.filter(role=Role.ADMINISTRATOR, until__isnull=True, affiliation__until__isnull=True)
    keeping = term.filter(affiliation__organisation_id__in=own)
    return User.objects.filter(is_active=True, pk__in=keeping.values("affiliation__person")).exclude(pk=person.pk)


def _affiliated_to(organisation_ids: Iterable[int]) -> QuerySet[User]:
    current = Affiliation.objects.filter(organisation_id__in=list(organisation_ids), until__isnull=True)
    return User.objects.filter(pk__in=current.values("person"))


def can_see_person(actor: Reader, person: User) -> bool:
    """Whether `actor` may see that `person` exists; half of `visible_to`."""
    return isinstance(actor, User) and visible_to(actor).filter(pk=person.pk).exists()


def visible_to(actor: Reader) -> QuerySet[User]:
    """The people whom `actor` may see.

    In the network: every active person with a current affiliation. People of an organisation at risk are seen only
    by its own people and the Secretariat, also where they have a second affiliation; their colleagues there see
    them, as colleagues there. Everyone sees themselves.
    """
    if not isinstance(actor, User) or not actor.is_active:
        return User.objects.none()
    active = User.objects.filter(is_active=True)
    if not is_in_network(actor):
        return active.filter(pk=actor.pk)
    if is_secretariat(actor):
        return active
    own = _own(actor)
    current = Affiliation.objects.filter(person_id=OuterRef("pk"), until__isnull=True)
    colleague = current.filter(organisation_id__in=own)
    return active.filter(
        Q(pk=actor.pk)
        | Q(Exists(colleague))
        | (Q(Exists(current)) & ~Q(Exists(current.filter(organisation__at_risk=True))))
    )


def visible_affiliations(actor: Reader) -> QuerySet[Affiliation]:
    """The current affiliations that `actor` may know of, each with `role_names`.

    Those of the people whom `actor` may see, without those to an organisation at risk that is not their own.
    """
    visible = current_affiliations().filter(person__in=visible_to(actor).values("pk"))
    if not isinstance(actor, User) or is_secretariat(actor):
        return visible
    return visible.filter(Q(organisation__at_risk=False) | Q(organisation_id__in=_own(actor)) | Q(person_id=actor.pk))


def can_see_affiliation(actor: Reader, affiliation: Affiliation) -> bool:
    """The other half of `visible_affiliations`."""
    return visible_affiliations(actor).filter(pk=affiliation.pk).exists()


def can_edit_profile(actor: Reader, person: User) -> bool:
    """Whether `actor` may change what `person` tells about themselves: only they."""
    return isinstance(actor, User) and actor.is_active and actor.pk == person.pk


def can_see_email(actor: Reader, profile: Profile) -> bool:
    """Whether `actor`, who may see the person, may also read their address."""
    return _is_audience(actor, profile, profile.email_audience)


def can_see_phone(actor: Reader, profile: Profile) -> bool:
    """Whether `actor`, who may see the person, may also read their number."""
    return _is_audience(actor, profile, profile.phone_audience)


def _is_audience(actor: Reader, profile: Profile, audience: str) -> bool:
    if not isinstance(actor, User) or not can_see_person(actor, profile.person):
        return False
    if actor.pk == profile.person_id or audience == Profile.Audience.NETWORK or is_secretariat(actor):
        return True
    current = Affiliation.objects.filter(person_id=profile.person_id, until__isnull=True)
    return current.filter(organisation_id__in=_own(actor)).exists()


def _own(actor: User) -> list[int]:
    return [acting.organisation.pk for acting in organisations_of(actor)]
