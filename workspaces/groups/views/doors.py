"""The doors of groups and of what lives in them.

What one may not know of does not exist (404); what one may not do is said (403).
"""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from workspaces.groups import policies
from workspaces.groups.models import Workspace


def seen_group(reader: User, slug: str) -> Workspace:
    """The group of which `reader` may know that it exists. Raises Http404."""
    found = Workspace.objects.select_related("proposed_for", "proposed_by", "alliance").filter(slug=slug).first()
    if found is None or not policies.can_see(reader, found):
        raise Http404
    return found


def read_group(reader: User, slug: str) -> Workspace:
    """The group in which `reader` may read. Raises Http404, Refused."""
    workspace = seen_group(reader, slug)
    if not policies.can_read(reader, workspace):
        raise Refused(_("Only those who take part in this group can read in it."))
    return workspace


def written_group(reader: User, slug: str) -> Workspace:
    """The group in which `reader` may write now. Raises Http404, Refused."""
    workspace = read_group(reader, slug)
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
