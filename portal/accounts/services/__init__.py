"""Changes of people's accounts: who comes in, what they prefer, which of their devices are signed in."""

from portal.accounts.services.invitations import (
    InvitationClosed,
    SignInFirst,
    WrongAddress,
    invitation_accept,
    invitation_create,
    invitation_resend,
    invitation_revoke,
)
from portal.accounts.services.people import language_choose, person_create, preferences_update
from portal.accounts.services.sessions import session_end, sessions_end_others

__all__ = [
    "InvitationClosed",
    "SignInFirst",
    "WrongAddress",
    "invitation_accept",
    "invitation_create",
    "invitation_resend",
    "invitation_revoke",
    "language_choose",
    "person_create",
    "preferences_update",
    "session_end",
    "sessions_end_others",
]
