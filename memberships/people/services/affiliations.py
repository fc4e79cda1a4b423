"""Belonging to an organisation: it starts, its title and roles change, it ends."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from memberships.people import policies
from memberships.people.models import Affiliation, Role, RoleTerm
from memberships.people.services import roles as role_terms
from memberships.people.services.effects import (
    check_someone_remains,
    ensure_profile,
    lock,
    publish_change,
    reload,
    role_codes,
)
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import notify

if TYPE_CHECKING:
    from datetime import datetime

    from memberships.organisations.models import Organisation


@transaction.atomic
def affiliation_start(
    actor: User | None, *, person: User, organisation: Organisation, title: str = "", roles: Collection[str] = ()
) -> Affiliation:
    """Make `person` one of the organisation's people, with these roles, from now on; tell them.

    `actor` None is the installation itself. `roles` are values of `Role`; staff is understood. Raises Refused,
    ValidationError where the person already belongs there or their account is closed, ValueError for unknown roles.
    """
    organisation = lock(organisation.pk, actor)
    given = role_codes(roles)
    if actor is not None and not (
        policies.can_manage_people(actor, organisation) and policies.can_give_roles(actor, organisation, given)
    ):
        raise Refused(_("Only the administrators of an organisation can add people to it."))
    affiliation = begin(actor, person=person, organisation=organisation, title=title, roles=given, started_by=actor)
    publish_change(organisation, [person])
    return affiliation


def begin(
    actor: User | None,
    *,
    person: User,
    organisation: Organisation,
    title: str,
    roles: Collection[Role],
    started_by: User | None,
) -> Affiliation:
    """The start itself, under the caller's lock and after its checks; records and notifies, does not publish.

    `actor` is who acts now, `started_by` whose decision it was: with an invitation these are two people.
    """
    if not person.is_active:
        raise ValidationError(_("This account is closed, so it cannot belong to an organisation."))
    if Affiliation.objects.filter(person=person, organisation=organisation, until__isnull=True).exists():
        raise ValidationError(_("This person already belongs to the organisation."))
    ensure_profile(person)
    now = timezone.now()
    affiliation = Affiliation.objects.create(
        person=person, organisation=organisation, title=title, since=now, started_by=started_by
    )
    RoleTerm.objects.bulk_create(
        RoleTerm(affiliation=affiliation, role=role, since=now, given_by=started_by) for role in sorted(roles)
    )
    record(
        actor,
        verb="affiliation.started",
        target=person,
        acting_for=organisation,
        details={"affiliation": affiliation.pk, "roles": sorted(roles)},
    )
    if actor is not None and actor != person:
        _tell(person, "affiliation.started", organisation, actor)
    return affiliation


@transaction.atomic
def affiliation_update(
    actor: User | None,
    *,
    affiliation: Affiliation,
    title: str | None = None,
    give: Collection[str] = (),
    end: Collection[str] = (),
) -> Affiliation:
    """Change the title (None leaves it) and roles of a current affiliation, all or nothing.

    Giving what is held and ending what is not changes nothing, so that two administrators at once do not undo each
    other. Raises Refused, LastAdministrator, ValidationError where the affiliation has ended, ValueError for unknown
    roles.
    """
    organisation = lock(affiliation.organisation_id, actor)
    affiliation = reload(affiliation)
    if affiliation.until is not None:
        raise ValidationError(_("This person's time at the organisation has ended."))
    if actor is not None and not policies.can_edit_affiliation(actor, affiliation):
        raise Refused(_("Only the administrators of an organisation can change its people's titles and roles."))
    before = affiliation.title
    if title is not None and title != before:
        affiliation.title = title
        affiliation.save(update_fields=["title"])
        details = {"affiliation": affiliation.pk, "fields": ["title"]}
        record(actor, verb="affiliation.updated", target=affiliation.person, acting_for=organisation, details=details)
    for role in sorted(role_codes(give)):
        role_terms.give(actor, affiliation=affiliation, role=role)
    for role in sorted(role_codes(end) - role_codes(give)):
        role_terms.end(actor, affiliation=affiliation, role=role)
    publish_change(organisation, [affiliation.person])
    return affiliation


@transaction.atomic
def affiliation_end(actor: User | None, *, affiliation: Affiliation) -> Affiliation:
    """End an affiliation and all its roles, now; the person's rights there end with it, also on open sockets.

    Ending one that has ended changes nothing. Raises Refused, LastAdministrator (nobody is left without a keeper by
    a person's act; the installation itself may).
    """
    organisation = lock(affiliation.organisation_id, actor)
    affiliation = reload(affiliation)
    if affiliation.until is not None:
        return affiliation
    if actor is not None:
        if not policies.can_end_affiliation(actor, affiliation):
            raise Refused(_("Only the administrators of an organisation can end a colleague's time there."))
        check_someone_remains(organisation, without=affiliation.person)
    now = timezone.now()
    _close(affiliation, actor, now)
    record(
        actor,
        verb="affiliation.ended",
        target=affiliation.person,
        acting_for=organisation,
        details={"affiliation": affiliation.pk},
    )
    if actor is not None and actor != affiliation.person:
        _tell(affiliation.person, "affiliation.ended", organisation, actor)
    publish_change(organisation, [affiliation.person])
    return affiliation


def _close(affiliation: Affiliation, actor: User | None, now: datetime) -> None:
    affiliation.until, affiliation.ended_by = now, actor
    affiliation.save(update_fields=["until", "ended_by"])
    RoleTerm.objects.filter(affiliation=affiliation, until__isnull=True).update(until=now, ended_by=actor)


def _tell(person: User, kind: str, organisation: Organisation, actor: User) -> None:
    payload = {"organisation": str(organisation), "by": actor.name}
    notify([person], kind=kind, payload=payload, url=organisation.get_absolute_url())
