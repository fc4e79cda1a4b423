"""What an invitation to a guest says."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.accounts.models import Invitation
from portal.registry import Text
from portal.ui.formats import day
from workspaces.groups.models import GuestInvitation


def describe_invitation(invitation: Invitation) -> Text:
    """The sentence on the invitation's page and in its mail, in the active language.

    Of a secret group the mail does not say which: it may be read by others than it was meant for.
    """
    guest = GuestInvitation.objects.select_related("workspace").get(invitation_id=invitation.pk)
    said = {"by": str(invitation.invited_by), "group": guest.workspace.name, "day": day(guest.ends_on)}
    if guest.workspace.is_secret:
        return _("%(by)s invites you to work in a group until %(day)s, as a guest from outside the network.") % said
    return _("%(by)s invites you to work in %(group)s until %(day)s, as a guest from outside the network.") % said
