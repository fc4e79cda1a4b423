"""The network as an import compares with it: the facts of every organisation, in the shape of a row's values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from memberships.directory.imports.likeness import Identity, Likeness, identity
from memberships.directory.imports.vocabulary import alliance_slugs, subject_slugs
from memberships.organisations.models import AllianceMembership, Organisation
from memberships.organisations.selectors.standing import running, today

PLAIN = (
    "name",
    "acronym",
    "native_name",
    "country",
    "city",
    "region",
    "website",
    "languages",
    "founded_year",
    "joined_year",
)


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that rows are compared with, read once."""

    facts: Mapping[int, Mapping[str, Any]]
    """By organisation; subjects and alliances by their slugs."""
    identities: Mapping[int, Identity]
    subjects: Mapping[str, str]
    """Slugs by folded name, in every language."""
    alliances: Mapping[str, str]
    likeness: Likeness[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "likeness", Likeness(self.identities))


def network() -> Network:
    """Read the network as it is now, unmasked, for the Secretariat reads it. Five queries, whatever its size."""
    facts: dict[int, dict[str, Any]] = {
        row.pop("pk"): row for row in Organisation.objects.order_by("pk").values("pk", *PLAIN)
    }
    for organisation in facts.values():
        organisation |= {"subjects": [], "alliances": []}
    links = Organisation.subjects.through._default_manager.order_by("subject__slug")
    for pk, slug in links.values_list("organisation_id", "subject__slug"):
        facts[pk]["subjects"].append(slug)
    memberships = running(AllianceMembership.objects.all(), today()).order_by("pk")
    for pk, slug in memberships.values_list("organisation_id", "alliance__slug"):
        facts[pk]["alliances"].append(slug)
    return Network(
        facts=facts,
        identities={pk: identity(values) for pk, values in facts.items()},
        subjects=subject_slugs(),
        alliances=alliance_slugs(),
    )
