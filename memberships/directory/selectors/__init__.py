"""Reads of the directory: what is found is counted in memory, what is shown is read from the database."""

from memberships.directory.selectors.network import Directory, Figures, directory_for
from memberships.directory.selectors.organisations import (
    CountryRow,
    OrganisationRow,
    OrganisationsFound,
    alliance_counts,
    country_rows,
    map_counts,
    organisation_rows,
    organisations_found,
)
from memberships.directory.selectors.people import PeopleFound, PersonRow, people_found, person_rows

__all__ = [
    "CountryRow",
    "Directory",
    "Figures",
    "OrganisationRow",
    "OrganisationsFound",
    "PeopleFound",
    "PersonRow",
    "alliance_counts",
    "country_rows",
    "directory_for",
    "map_counts",
    "organisation_rows",
    "organisations_found",
    "people_found",
    "person_rows",
]
