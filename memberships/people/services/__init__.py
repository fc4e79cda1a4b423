"""Changes: who belongs where, with which roles, who is invited, and what people tell about themselves."""

from memberships.people.services.affiliations import affiliation_end, affiliation_start, affiliation_update
from memberships.people.services.effects import LastAdministrator, ensure_profile, team_reindex
from memberships.people.services.invitations import (
    invitation_accepted,
    invitation_resend,
    invitation_revoke,
    invite_colleague,
)
from memberships.people.services.profile import name_follow, profile_update
from memberships.people.services.recovery import organisation_recover
from memberships.people.services.roles import handover, role_end, role_give

__all__ = [
    "LastAdministrator",
    "affiliation_end",
    "affiliation_start",
    "affiliation_update",
    "ensure_profile",
    "handover",
    "invitation_accepted",
    "invitation_resend",
    "invitation_revoke",
    "invite_colleague",
    "name_follow",
    "organisation_recover",
    "profile_update",
    "role_end",
    "role_give",
    "team_reindex",
]
