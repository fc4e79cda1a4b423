"""What the Secretariat does for an organisation that nobody keeps any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from memberships.people import policies
from memberships.people.models import Affiliation, AffiliationInvitation, Role
from memberships.people.services import roles
from memberships.people.services.effects import lock, publish_change
from memberships.people.services.invitations import invite
from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation


@transaction.atomic
def organisation_recover(
    actor: User,
    *,
    organisation: Organisation,
    person: User | None = None,
    email: str = "",
    name: str = "",
    title: str = "",
    language: str = "en",
) -> Affiliation | AffiliationInvitation:
    """Give an organisation without administrator one again: appoint `person` of its own, or invite `email`.

    Raises Refused where the actor is not of the Secretariat or the organisation has an administrator, ValidationError
    where the person does not belong to it or the address cannot be invited.
    """
    organisation = lock(organisation.pk, actor)
    if not policies.can_recover(actor, organisation):
        raise Refused(_("Only the Secretariat can appoint an administrator, and only where the organisation has none."))
    if person is None:
        invited = invite(
            actor, organisation=organisation, email=email, name=name, title=title, roles=[Role.ADMINISTRATOR],
            language=language,
        )  # fmt: skip
        record(actor, verb="organisation.recovered", target=organisation, details={"invitation": invited.invitation_id})
        publish_change(organisation, [])
        return invited
    current = Affiliation.objects.select_related("person", "organisation")
    affiliation = current.filter(
        organisation=organisation, person_id=person.pk, person__is_active=True, until__isnull=True
    ).first()
    if affiliation is None:
        raise ValidationError(_("Choose someone who belongs to the organisation now."))
    roles.give(actor, affiliation=affiliation, role=Role.ADMINISTRATOR)
    record(actor, verb="organisation.recovered", target=organisation, details={"affiliation": affiliation.pk})
    publish_change(organisation, [affiliation.person])
    return affiliation
