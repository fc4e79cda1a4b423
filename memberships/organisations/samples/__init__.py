"""Plainly invented organisations and people, for the demonstration and for tests. None of them exists.

Whatever could be held against an organisation (opinions, quarrels, the at-risk switch, skills it lacks) is made up
about these only, never about a real one. They have cities and no countries, because no code of ISO 3166 is invented;
their addresses end in `example.org`, which nobody can own (RFC 2606).
"""

from memberships.organisations.samples.organisations import (
    ORGANISATION_BY_ACRONYM,
    ORGANISATIONS,
    SAMPLE_ALLIANCE,
    SampleContact,
    SampleOrganisation,
)
from memberships.organisations.samples.people import (
    PEOPLE,
    TITLE_BY_SLUG,
    TITLES,
    InventedName,
    SampleAffiliation,
    SamplePerson,
    invented_names,
)

__all__ = [
    "ORGANISATIONS",
    "ORGANISATION_BY_ACRONYM",
    "PEOPLE",
    "SAMPLE_ALLIANCE",
    "TITLES",
    "TITLE_BY_SLUG",
    "InventedName",
    "SampleAffiliation",
    "SampleContact",
    "SampleOrganisation",
    "SamplePerson",
    "invented_names",
]
