"""Forms about people, and the field by which every dialog asks for whom a person acts."""

from memberships.people.forms.acting import ActingForField, ActingForForm
from memberships.people.forms.profile import OFFERED_LANGUAGES, ProfileForm, code_of_language
from memberships.people.forms.team import AdministratorInviteForm, AffiliationForm, ColleagueForm, InviteForm

__all__ = [
    "OFFERED_LANGUAGES",
    "ActingForField",
    "ActingForForm",
    "AdministratorInviteForm",
    "AffiliationForm",
    "ColleagueForm",
    "InviteForm",
    "ProfileForm",
    "code_of_language",
]
