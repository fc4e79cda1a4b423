"""Inviting colleagues: the invitation itself belongs to the accounts, what it leads to is kept here."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from memberships.people import policies
from memberships.people.models import Affiliation, AffiliationInvitation, Role
from memberships.people.selectors import administrators_of
from memberships.people.selectors.team import invitations_of
from memberships.people.services import affiliations
from memberships.people.services import roles as role_terms
from memberships.people.services.effects import lock, publish_change, role_codes
from portal.access.refusal import Refused
from portal.accounts import services as accounts
from portal.accounts.models import Invitation, User
from portal.audit.services import record
from portal.notifications.services import notify

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation

PURPOSE: Final = "affiliation"
OPEN_INVITATIONS: Final = 50
"""So many may wait for one organisation at a time; the form is no way to write to strangers by the thousand."""


@transaction.atomic
def invite_colleague(
    actor: User,
    *,
    organisation: Organisation,
    email: str,
    name: str,
    title: str = "",
    roles: Collection[str] = (),
    language: str = "en",
) -> AffiliationInvitation:
    """Invite someone by mail to become one of the organisation's people with these roles.

    `language` is that of the mail. Raises Refused; ValidationError (by field) where the address belongs to a
    colleague, is invited already, or too many invitations wait; ValueError for unknown roles.
    """
    organisation = lock(organisation.pk, actor)
    given = role_codes(roles)
    if not policies.can_manage_people(actor, organisation):
        raise Refused(_("Only the administrators of an organisation can invite colleagues to it."))
    if not policies.can_invite(actor, organisation, given):
        raise Refused(_("You cannot invite someone with these roles."))
    return invite(actor, organisation=organisation, email=email, name=name, title=title, roles=given, language=language)


def invite(
    actor: User,
    *,
    organisation: Organisation,
    email: str,
    name: str,
    title: str,
    roles: Collection[Role],
    language: str,
) -> AffiliationInvitation:
    """The invitation itself, under the caller's lock and after its checks of rights."""
    email = email.strip().lower()
    _check_address(organisation, email)
    invitation, _token = accounts.invitation_create(actor, email=email, name=name, purpose=PURPOSE, language=language)
    terms = AffiliationInvitation.objects.create(
        invitation=invitation, organisation=organisation, title=title, roles=sorted(roles)
    )
    details = {"invitation": invitation.pk, "roles": sorted(roles)}
    acting_for = _acting_for(actor, organisation)
    record(actor, verb="colleague.invited", target=organisation, acting_for=acting_for, details=details)
    return terms


def _check_address(organisation: Organisation, email: str) -> None:
    colleague = Affiliation.objects.filter(organisation=organisation, until__isnull=True, person__email__iexact=email)
    if colleague.exists():
        raise ValidationError({"email": _("This person already belongs to the organisation.")})
    waiting = [terms.invitation for terms in invitations_of(organisation) if terms.invitation.is_open]
    if any(invitation.email.lower() == email for invitation in waiting):
        raise ValidationError({"email": _("An invitation to this address is waiting. Send it again instead.")})
    if len(waiting) >= OPEN_INVITATIONS:
        raise ValidationError(
            _("Too many invitations are waiting. Withdraw one that is no longer needed before you send another.")
        )


@transaction.atomic
def invitation_revoke(actor: User, *, terms: AffiliationInvitation) -> None:
    """Withdraw an invitation that waits. Raises Refused, also where it was accepted meanwhile."""
    organisation = _lock_for_inviting(actor, terms)
    _revoke(actor, terms, organisation)


@transaction.atomic
def invitation_resend(actor: User, *, terms: AffiliationInvitation) -> AffiliationInvitation:
    """Send an invitation anew, with a new link and a new date until which it holds. Raises Refused.

    Whoever sends it stands behind it: another's invitation is withdrawn and one of the actor's own takes its place.
    """
    organisation = _lock_for_inviting(actor, terms)
    invitation = terms.invitation
    if invitation.invited_by_id == actor.pk:
        try:
            accounts.invitation_resend(actor, invitation=invitation)
        except accounts.InvitationClosed:
            raise _closed() from None
        return terms
    _revoke(actor, terms, organisation)
    return invite(
        actor,
        organisation=organisation,
        email=invitation.email,
        name=invitation.name,
        title=terms.title,
        roles=role_codes(terms.roles),
        language=invitation.language,
    )


def _revoke(actor: User, terms: AffiliationInvitation, organisation: Organisation) -> None:
    try:
        accounts.invitation_revoke(actor, invitation=terms.invitation)
    except accounts.InvitationClosed:
        raise _closed() from None
    details = {"invitation": terms.invitation_id}
    acting_for = _acting_for(actor, organisation)
    record(actor, verb="colleague.uninvited", target=organisation, acting_for=acting_for, details=details)


def _closed() -> Refused:
    return Refused(_("This invitation has been accepted or withdrawn already."))


def _lock_for_inviting(actor: User, terms: AffiliationInvitation) -> Organisation:
    # The invitation first, as in its acceptance: two changes that lock in opposite order would wait for each other.
    Invitation.objects.select_for_update().get(pk=terms.invitation_id)
    organisation = lock(terms.organisation_id, actor)
    if not policies.can_invite(actor, organisation, role_codes(terms.roles)):
        raise Refused(_("You cannot change this invitation."))
    return organisation


@transaction.atomic
def invitation_accepted(invitation: Invitation, person: User) -> None:
    """What accepting leads to: `person` joins the organisation, or gets the roles where they belong there already.

    Raises Refused, and nothing is accepted, where whoever invited may no longer do so: rights end at once, also
    those lent to an invitation on its way.
    """
    terms = AffiliationInvitation.objects.select_related("invitation__invited_by").get(invitation=invitation)
    inviter = terms.invitation.invited_by
    organisation = lock(terms.organisation_id, inviter, person)
    given = role_codes(terms.roles)
    if not policies.can_invite(inviter, organisation, given):
        raise Refused(_("Whoever sent this invitation can no longer invite to the organisation. Ask for a new one."))
    current = Affiliation.objects.select_related("person", "organisation")
    affiliation = current.filter(person=person, organisation=organisation, until__isnull=True).first()
    if affiliation is None:
        affiliations.begin(
            person, person=person, organisation=organisation, title=terms.title, roles=given, started_by=inviter
        )
    else:
        for role in sorted(given):
            role_terms.give(inviter, affiliation=affiliation, role=role)
    payload = {"organisation": str(organisation), "person": person.name}
    url = reverse("people:team", args=[organisation.slug])
    notify(administrators_of(organisation).exclude(pk=person.pk), kind="invitation.accepted", payload=payload, url=url)
    publish_change(organisation, [person])


def _acting_for(actor: User, organisation: Organisation) -> Organisation | None:
    """The Secretariat acts for itself, not for the organisation that it helps."""
    return organisation if policies.belongs_to(actor, organisation) else None
