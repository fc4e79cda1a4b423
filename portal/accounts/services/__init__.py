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
from portal.accounts.services.lockdown import (
    account_lock,
    lock_by_code,
    lockdown_code_make,
    unlock_confirm,
    unlock_propose,
    unlock_withdraw,
)
from portal.accounts.services.people import language_choose, person_create, preferences_update
from portal.accounts.services.sessions import session_end, sessions_end_all, sessions_end_others, still_valid

__all__ = [
    "InvitationClosed",
    "SignInFirst",
    "WrongAddress",
    "account_lock",
    "invitation_accept",
    "invitation_create",
    "invitation_resend",
    "invitation_revoke",
    "language_choose",
    "lock_by_code",
    "lockdown_code_make",
    "person_create",
    "preferences_update",
    "session_end",
    "sessions_end_all",
    "sessions_end_others",
    "still_valid",
    "unlock_confirm",
    "unlock_propose",
    "unlock_withdraw",
]
