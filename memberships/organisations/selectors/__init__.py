"""Reads about organisations.

`shown` and `listed` decide what a reader sees and are the only way to an organisation's facts; `standing` reads terms,
`profile` what its page is made of, `changes` its history, `finding` what the search knows.
"""

from memberships.organisations.selectors.showing import (
    AllianceShown,
    OrganisationShown,
    alliance_links,
    listed,
    shown,
    shown_all,
    subject_links,
    with_current_standing,
)
from memberships.organisations.selectors.standing import (
    alliance_memberships_of,
    alliances_to_join,
    latest_term,
    running,
    standing_on,
    terms_of,
    today,
)

__all__ = [
    "AllianceShown",
    "OrganisationShown",
    "alliance_links",
    "alliance_memberships_of",
    "alliances_to_join",
    "latest_term",
    "listed",
    "running",
    "shown",
    "shown_all",
    "standing_on",
    "subject_links",
    "terms_of",
    "today",
    "with_current_standing",
]
