"""Reads about people: for whom they may act (`acting`), an organisation's team (`team`), pages (`profile`).

Only `acting` and `team` are offered here: policies ask them, and `profile` and `finding` ask the policies.
"""

from memberships.people.selectors.acting import (
    Acting,
    acting_for,
    acting_for_of,
    current_affiliations,
    forget_rights,
    organisations_of,
)
from memberships.people.selectors.team import (
    administrators_of,
    colleagues_of,
    organisation_by_slug,
    organisations_without_administrator,
)

__all__ = [
    "Acting",
    "acting_for",
    "acting_for_of",
    "administrators_of",
    "colleagues_of",
    "current_affiliations",
    "forget_rights",
    "organisation_by_slug",
    "organisations_of",
    "organisations_without_administrator",
]
