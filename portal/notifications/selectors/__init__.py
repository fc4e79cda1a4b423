"""Reads about a person's notifications.

`inbox` is what pages show, `mailing` what is mailed and how, `digests` what waits for one and what it holds, `levels`
how much somebody wants to hear from one place.
"""

from portal.notifications.selectors.digests import (
    Due,
    Section,
    digests_due,
    mail_times_of,
    paces_of,
    sections_of,
)
from portal.notifications.selectors.inbox import (
    Bell,
    Day,
    Line,
    bell_and,
    bell_of,
    days_of,
    line_of,
    lines_of,
    unread_count,
)
from portal.notifications.selectors.levels import (
    WORDS,
    LevelChoice,
    around,
    family_of,
    labels_of,
    level_choice,
    level_choices,
    levels_at,
    levels_of,
    own_level,
    reaches,
    scope_level_of,
)
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
    "WORDS",
    "Bell",
    "Day",
    "Due",
    "LevelChoice",
    "Line",
    "Section",
    "around",
    "bell_and",
    "bell_of",
    "days_of",
    "digests_due",
    "family_of",
    "is_discreet",
    "is_discretion_advised",
    "is_held",
    "labels_of",
    "level_choice",
    "level_choices",
    "levels_at",
    "levels_of",
    "line_of",
    "lines_of",
    "mail_key_of",
    "mail_times_of",
    "mailed_kinds",
    "own_level",
    "paces_of",
    "reaches",
    "returned_mails",
    "returned_to",
    "scope_level_of",
    "sections_of",
    "unread_count",
    "wanting_mail",
]
