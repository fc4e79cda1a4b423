"""Roles: given, ended, handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.people import policies
from memberships.people.models import Affiliation, Role, RoleTerm
from memberships.people.services.effects import check_someone_remains, lock, publish_change, reload
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation


@transaction.atomic
def role_give(actor: User | None, *, affiliation: Affiliation, role: Role) -> RoleTerm:
    """Give the affiliated person `role` from now on; they are told. Giving it twice changes nothing.

    Raises Refused; ValidationError where the affiliation has ended; ValueError for staff, which comes with it.
    """
    organisation = lock(affiliation.organisation_id, actor)
    affiliation = reload(affiliation)
    term = give(actor, affiliation=affiliation, role=role)
    publish_change(organisation, [affiliation.person])
    return term


@transaction.atomic
def role_end(actor: User | None, *, affiliation: Affiliation, role: Role) -> None:
    """End `role` of the affiliated person now; they are told. Ending what is not held changes nothing.

    Raises Refused, and LastAdministrator where nobody would keep the organisation.
    """
    organisation = lock(affiliation.organisation_id, actor)
    affiliation = reload(affiliation)
    end(actor, affiliation=affiliation, role=role)
    publish_change(organisation, [affiliation.person])


@transaction.atomic
def handover(actor: User, *, organisation: Organisation, to_person: User) -> None:
    """Make the colleague `to_person` administrator and end the actor's own term, in one step.

    Raises Refused, and ValidationError where `to_person` is no colleague or the actor themselves.
    """
    organisation = lock(organisation.pk, actor)
    if not policies.is_administrator(actor, organisation):
        raise Refused(_("Only an administrator of the organisation can hand it over."))
    current = Affiliation.objects.select_related("person").filter(organisation=organisation, until__isnull=True)
    receiver = current.filter(person_id=to_person.pk, person__is_active=True).exclude(person_id=actor.pk).first()
    if receiver is None:
        raise ValidationError(_("Choose a colleague who belongs to the organisation now."))
    give(actor, affiliation=receiver, role=Role.ADMINISTRATOR)
    end(actor, affiliation=current.get(person_id=actor.pk), role=Role.ADMINISTRATOR)
    record(actor, verb="organisation.handed_over", target=receiver.person, acting_for=organisation)
    publish_change(organisation, [actor, receiver.person])


def give(actor: User | None, *, affiliation: Affiliation, role: Role) -> RoleTerm:
    """The giving itself, under the caller's lock; checks, records and notifies, does not publish."""
    role = Role(role)
    if role not in policies.GIVEN_ROLES:
        raise ValueError(f"{role} is not a role that can be given")
    if affiliation.until is not None:
        raise ValidationError(_("This person's time at the organisation has ended."))
    organisation = affiliation.organisation
    if actor is not None and not policies.can_give_roles(actor, organisation, [role]):
        raise Refused(_("You cannot give this role."))
    term, is_new = RoleTerm.objects.get_or_create(
        affiliation=affiliation, role=role, until=None, defaults={"given_by": actor}
    )
    if is_new:
        _tell(actor, "role.given", affiliation, role)
    return term


def end(actor: User | None, *, affiliation: Affiliation, role: Role) -> None:
    """The ending itself, under the caller's lock; checks, records and notifies, does not publish."""
    role = Role(role)
    term = RoleTerm.objects.filter(affiliation=affiliation, role=role, until__isnull=True).first()
    if term is None:
        return
    if actor is not None:
        if not policies.can_end_role(actor, affiliation, role):
            raise Refused(_("You cannot end this role."))
        if role == Role.ADMINISTRATOR:
            check_someone_remains(affiliation.organisation, without=affiliation.person)
    term.until, term.ended_by = timezone.now(), actor
    term.save(update_fields=["until", "ended_by"])
    _tell(actor, "role.ended", affiliation, role)


def _tell(actor: User | None, verb: str, affiliation: Affiliation, role: Role) -> None:
    person, organisation = affiliation.person, affiliation.organisation
    details = {"affiliation": affiliation.pk, "role": role.value}
    record(actor, verb=verb, target=person, acting_for=organisation, details=details)
    if actor is not None and actor != person:
        payload = {"organisation": str(organisation), "role": role.value, "by": actor.name}
        notify([person], kind=verb, payload=payload, url=organisation.get_absolute_url())
