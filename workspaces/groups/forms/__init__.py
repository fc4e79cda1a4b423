"""Forms of groups."""

from workspaces.groups.forms.coming import AnswerForm, EntranceForm, NoteForm, ReasonForm
from workspaces.groups.forms.inviting import (
    ColleaguesForm,
    GuestForm,
    LastDayForm,
    OrganisationInviteForm,
    PersonInviteForm,
)
from workspaces.groups.forms.said import GroupForm, ProposalForm, RulesForm, VisibilityForm

__all__ = [
    "AnswerForm",
    "ColleaguesForm",
    "EntranceForm",
    "GroupForm",
    "GuestForm",
    "LastDayForm",
    "NoteForm",
    "OrganisationInviteForm",
    "PersonInviteForm",
    "ProposalForm",
    "ReasonForm",
    "RulesForm",
    "VisibilityForm",
]
