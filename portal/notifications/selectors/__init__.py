"""Reads about a person's notifications.

`inbox` is what pages show, `mailing` what is mailed and how, `levels` how much somebody wants to hear from one place.
"""

from portal.notifications.selectors.inbox import (
    Bell,
    Day,
    Line,
    bell_of,
    days_of,
    line_of,
    lines_of,
    unread_count,
)
from portal.notifications.selectors.levels import around, family_of, levels_of, reaches, scope_level_of
from portal.notifications.selectors.mailing import (
    ALL,
    is_discreet,
    is_discretion_advised,
    is_held,
    mail_key_of,
    mailed_kinds,
    returned_mails,
    returned_to,
    wanting_mail,
)

__all__ = [
    "ALL",
    "Bell",
    "Day",
    "Line",
    "around",
    "bell_of",
    "days_of",
    "family_of",
    "is_discreet",
    "is_discretion_advised",
    "is_held",
    "levels_of",
    "line_of",
    "lines_of",
    "mail_key_of",
    "mailed_kinds",
    "reaches",
    "returned_mails",
    "returned_to",
    "scope_level_of",
    "unread_count",
    "wanting_mail",
]
