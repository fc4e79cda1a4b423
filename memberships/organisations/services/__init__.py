"""Writes about organisations, by noun."""

from memberships.organisations.services.alliances import alliance_join, alliance_leave
from memberships.organisations.services.contacts import ContactValues, contact_clean, contacts_save
from memberships.organisations.services.fields import clean
from memberships.organisations.services.logo import logo_remove, logo_set
from memberships.organisations.services.profile import (
    StaleVersion,
    at_risk_set,
    organisation_create,
    organisation_update,
    profile_confirm,
)
from memberships.organisations.services.reminding import confirmations_remind
from memberships.organisations.services.standing import standing_start

__all__ = [
    "ContactValues",
    "StaleVersion",
    "alliance_join",
    "alliance_leave",
    "at_risk_set",
    "clean",
    "confirmations_remind",
    "contact_clean",
    "contacts_save",
    "logo_remove",
    "logo_set",
    "organisation_create",
    "organisation_update",
    "profile_confirm",
    "standing_start",
]
