"""What an address may ask of the directory. Addresses are forgiven: what is unknown is left out, and said."""

from memberships.directory.filters.organisations import OrganisationFilter
from memberships.directory.filters.people import PeopleFilter

__all__ = ["OrganisationFilter", "PeopleFilter"]
