"""The doors of groups and of what lives in them.

What one may not know of does not exist (404); what one may not do is said (403).
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation
from portal.access.refusal import Refused
from portal.accounts.models import User
from workspaces.groups import policies
from workspaces.groups.models import Approach, GuestInvitation, Participation, Workspace
from workspaces.groups.selectors.frame import with_head
from workspaces.groups.selectors.participants import organisation_by_slug, place_by_number

Also = Callable[[QuerySet[Workspace]], QuerySet[Workspace]]
"""What a page wants to be read along with the group, in the same query."""


def seen_group(reader: User, slug: str, also: Also | None = None) -> Workspace:
    """The group of which `reader` may know that it exists. Raises Http404."""
    found = with_head(Workspace.objects.filter(slug=slug), reader)
    found = found.select_related("proposed_for", "proposed_by", "alliance")
    workspace = (also(found) if also is not None else found).first()
    if workspace is None or not policies.can_see(reader, workspace):
        raise Http404
    return workspace


def read_group(reader: User, slug: str, also: Also | None = None) -> Workspace:
    """The group in which `reader` may read. Raises Http404, Refused."""
    workspace = seen_group(reader, slug, also)
    if not policies.can_read(reader, workspace):
        raise Refused(_("Only those who take part in this group can read in it."))
    return workspace


def written_group(reader: User, slug: str, also: Also | None = None) -> Workspace:
    """The group in which `reader` may write now. Raises Http404, Refused."""
    workspace = read_group(reader, slug, also)
    if not policies.can_take_part(reader, workspace):
        if not workspace.is_active:
            raise Refused(_("This group is dissolved. It can be read, and nothing in it can be changed."))
        raise Refused(_("Only those who take part in this group can write in it."))
    return workspace


def kept_group(reader: User, slug: str) -> Workspace:
    """The group that `reader` facilitates. Raises Http404, Refused."""
    workspace = seen_group(reader, slug)
    if not policies.can_facilitate(reader, workspace):
        raise Refused(_("Only facilitators of this group can do this."))
    return workspace


def peopled_group(reader: User, slug: str) -> Workspace:
    """The group whose people `reader` may see. Raises Http404, Refused."""
    workspace = seen_group(reader, slug)
    if not policies.can_see_participants(reader, workspace) and not policies.decided_in(reader, workspace):
        raise Refused(_("Only those who take part in this group can see who else does."))
    return workspace


def place_of(reader: User, slug: str, number: int) -> Participation:
    """The running place with that number in the group. Raises Http404, Refused."""
    place = place_by_number(reader, peopled_group(reader, slug), number)
    if place is None:
        raise Http404
    return place


def organisation_of(reader: User, workspace: Workspace, slug: str) -> Organisation:
    """The organisation in the group at that address. Raises Http404."""
    found = organisation_by_slug(reader, workspace, slug)
    if found is None:
        raise Http404
    return found


def approach_of(reader: User, slug: str, number: int) -> Approach:
    """The invitation or request with that number, for who keeps the group, who may answer it, and whose it is.

    Raises Http404, also for one that is somebody else's.
    """
    workspace = seen_group(reader, slug)
    found = workspace.approaches.select_related("workspace", "organisation", "person", "by").filter(number=number)
    approach = found.first()
    if approach is None:
        raise Http404
    own = reader.pk in {approach.by_id, approach.person_id} and approach.side == Approach.Side.ASKED
    if not own and not policies.can_facilitate(reader, workspace) and not policies.can_answer(reader, approach):
        raise Http404
    return approach


def guest_invitation_of(reader: User, slug: str, number: int) -> GuestInvitation:
    """The invitation of a guest with that number, for who keeps the group. Raises Http404, Refused."""
    workspace = kept_group(reader, slug)
    found = workspace.guest_invitations.select_related("workspace", "invitation").filter(number=number).first()
    if found is None:
        raise Http404
    return found
