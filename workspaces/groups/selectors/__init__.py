"""Reads about groups: who takes part now (`participation`), lists and pages.

Only `participation` is offered here: policies ask it, and the others ask the policies.
"""

from workspaces.groups.selectors.participation import (
    Place,
    current_organisations,
    current_participations,
    facilitators_of,
    forget_places,
    place_in,
    places_of,
    today,
)

__all__ = [
    "Place",
    "current_organisations",
    "current_participations",
    "facilitators_of",
    "forget_places",
    "place_in",
    "places_of",
    "today",
]
