"""Who may do what for an organisation, and who may see whom. Rights follow from a current affiliation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from memberships.people.models import Affiliation, Role
from memberships.people.selectors import acting_for, organisations_of
from portal.access.policies import is_secretariat
from portal.accounts.models import User

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation

Reader = User | AnonymousUser


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


def can_see_person(actor: Reader, person: User) -> bool:
    """Whether `actor` may see that `person` exists; half of `visible_to`."""
    return isinstance(actor, User) and visible_to(actor).filter(pk=person.pk).exists()


def visible_to(actor: Reader) -> QuerySet[User]:
    """The people whom `actor` may see.

    In the network: every active person with a current affiliation. People of an organisation at risk are seen only
    by its own people and the Secretariat, also where they have a second affiliation. Everyone sees themselves.
    """
    if not isinstance(actor, User) or not actor.is_active:
        return User.objects.none()
    active = User.objects.filter(is_active=True)
    if not is_in_network(actor):
        return active.filter(pk=actor.pk)
    current = Affiliation.objects.filter(person_id=OuterRef("pk"), until__isnull=True)
    if is_secretariat(actor):
        return active
    own = [acting.organisation.pk for acting in organisations_of(actor)]
    at_risk = current.filter(organisation__at_risk=True).exclude(organisation_id__in=own)
    return active.filter(Q(pk=actor.pk) | (Q(Exists(current)) & ~Q(Exists(at_risk))))
