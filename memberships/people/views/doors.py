"""The doors of these pages: what cannot be seen does not exist (404), what may not be done is said (403)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from memberships.people import policies
from memberships.people.models import Affiliation
from memberships.people.selectors import organisation_by_slug
from memberships.people.selectors.team import TeamMember, team_of
from portal.access.refusal import Refused
from portal.accounts.models import User

if TYPE_CHECKING:
    from memberships.organisations.models import Organisation


def team_organisation(reader: User, slug: str) -> Organisation:
    """The organisation whose team `reader` may see. Raises Http404, Refused."""
    organisation = organisation_by_slug(slug) if policies.is_in_network(reader) else None
    if organisation is None:
        raise Http404
    if not policies.can_see_team(reader, organisation):
        raise Refused(_("Only the organisation's own people and the Secretariat can see its team page."))
    return organisation


def managed_organisation(reader: User, slug: str) -> Organisation:
    """The organisation whose team `reader` manages. Raises Http404, Refused."""
    organisation = team_organisation(reader, slug)
    if not policies.can_manage_people(reader, organisation):
        raise Refused(_("Only the administrators of the organisation can do this."))
    return organisation


def team_member(organisation: Organisation, pk: int) -> TeamMember:
    """The current affiliation `pk` of the organisation, with its terms. Raises Http404, also for another's."""
    member = next((member for member in team_of(organisation) if member.affiliation.pk == pk), None)
    if member is None:
        raise Http404
    return member


def affiliation_to_end(reader: User, slug: str, pk: int) -> Affiliation:
    """The affiliation that `reader` may end. Raises Http404, Refused."""
    organisation = team_organisation(reader, slug)
    affiliation = team_member(organisation, pk).affiliation
    if not policies.can_end_affiliation(reader, affiliation):
        raise Refused(_("Only the administrators of the organisation can end a colleague's time there."))
    return affiliation
