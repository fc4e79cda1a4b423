"""Finding the organisation of a page for a reader, or turning them away."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from memberships.organisations import policies
from memberships.organisations.models import Organisation
from memberships.organisations.selectors.profile import organisations_by_slug
from portal.access.refusal import Refused
from portal.accounts.models import User


def visible_organisation(actor: User, slug: str) -> Organisation:
    """The organisation at that address. Raises Http404 where `actor` may not know of it."""
    organisation = organisations_by_slug(actor, slug).first()
    if organisation is None:
        raise Http404
    return organisation


def editable_organisation(actor: User, slug: str) -> Organisation:
    """The same for who may change its profile. Raises Http404 and Refused."""
    organisation = visible_organisation(actor, slug)
    if not policies.can_edit(actor, organisation):
        raise Refused(_("Only administrators of this organisation and the Secretariat can change its profile."))
    return organisation


def organisation_with_history(actor: User, slug: str) -> Organisation:
    """The same for who may see its history. Raises Http404 and Refused."""
    organisation = visible_organisation(actor, slug)
    if not policies.can_see_history(actor, organisation):
        raise Refused(_("Only people of this organisation and the Secretariat can see its history."))
    return organisation


def organisation_with_record(actor: User, slug: str) -> Organisation:
    """The same for who may read its part of the record. Raises Http404 and Refused."""
    organisation = visible_organisation(actor, slug)
    if not policies.can_read_record(actor, organisation):
        raise Refused(_("Only administrators of this organisation and the Secretariat can read its record."))
    return organisation


def kept_organisation(actor: User, slug: str) -> Organisation:
    """The same for who may record its standing. Raises Http404 and Refused."""
    organisation = visible_organisation(actor, slug)
    if not policies.can_keep_standing(actor):
        raise Refused(_("Only the Secretariat can record an organisation’s standing and alliances."))
    return organisation
