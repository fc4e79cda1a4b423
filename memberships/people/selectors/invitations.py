"""What an invitation to an organisation says."""

from __future__ import annotations

from django.utils.translation import gettext as _

from memberships.people.models import AffiliationInvitation
from portal.accounts.models import Invitation
from portal.registry import Text
from portal.ui.formats import join_words


def describe_invitation(invitation: Invitation) -> Text:
    """The sentence on the invitation's page and in its mail, in the active language."""
    terms = AffiliationInvitation.objects.select_related("organisation").get(invitation_id=invitation.pk)
    said = {
        "by": str(invitation.invited_by),
        "organisation": terms.organisation,
        "roles": join_words(terms.role_labels),
    }
    if terms.roles:
        return _("%(by)s invites you to act for %(organisation)s in these roles: %(roles)s.") % said
    return _("%(by)s invites you to join the people of %(organisation)s.") % said
