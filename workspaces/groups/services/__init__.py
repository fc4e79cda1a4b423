"""Writes of groups: how one begins and ends, what it says about itself, who comes in and goes, who keeps it."""

from workspaces.groups.services.editing import Overtaken, rules_set, visibility_set, workspace_update
from workspaces.groups.services.facilitating import LastFacilitator, facilitator_appoint, facilitator_dismiss
from workspaces.groups.services.inviting import (
    guest_accepted,
    guest_invitation_withdraw,
    guest_invite,
    guest_prolong,
    organisation_invite,
    person_invite,
)
from workspaces.groups.services.joining import (
    approach_answer,
    approach_withdraw,
    colleague_name,
    come_in,
    organisation_ask,
    organisation_join,
    person_ask,
    person_join,
)
from workspaces.groups.services.leaving import guests_end, organisation_end, participation_end
from workspaces.groups.services.numbering import next_number
from workspaces.groups.services.proposing import workspace_propose
from workspaces.groups.services.reminding import dates_remind
from workspaces.groups.services.state import (
    workspace_activate,
    workspace_decline,
    workspace_dissolve,
    workspace_reopen,
    workspace_withdraw,
)
from workspaces.groups.services.visiting import happened, visit

__all__ = [
    "LastFacilitator",
    "Overtaken",
    "approach_answer",
    "approach_withdraw",
    "colleague_name",
    "come_in",
    "dates_remind",
    "facilitator_appoint",
    "facilitator_dismiss",
    "guest_accepted",
    "guest_invitation_withdraw",
    "guest_invite",
    "guest_prolong",
    "guests_end",
    "happened",
    "next_number",
    "organisation_ask",
    "organisation_end",
    "organisation_invite",
    "organisation_join",
    "participation_end",
    "person_ask",
    "person_invite",
    "person_join",
    "rules_set",
    "visibility_set",
    "visit",
    "workspace_activate",
    "workspace_decline",
    "workspace_dissolve",
    "workspace_propose",
    "workspace_reopen",
    "workspace_update",
    "workspace_withdraw",
]
