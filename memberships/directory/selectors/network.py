"""The directory as one reader counts it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import pgettext

from memberships.directory.facets.kept import Version, version_now
from memberships.directory.facets.organisations import OrganisationFacets, organisation_facets
from memberships.directory.facets.people import PeopleFacets, people_facets
from portal.access.policies import is_secretariat
from portal.accounts.models import User


@dataclass(frozen=True)
class Figures:
    """The numbers of the network. `countries`: where its full members are, as far as the whole network may know."""

    organisations: int
    people: int
    alliances: int
    full_members: int
    countries: int


@dataclass
class Directory:
    """What the pages of `reader` count with, as of `version`."""

    reader: User
    version: Version

    @property
    def secretariat(self) -> bool:
        """Which audience the reader belongs to."""
        return is_secretariat(self.reader)

    @cached_property
    def organisations(self) -> OrganisationFacets:
        """The sets of organisations."""
        return organisation_facets(self.version, secretariat=self.secretariat)

    @cached_property
    def people(self) -> PeopleFacets:
        """The sets of people."""
        return people_facets(self.version, secretariat=self.secretariat)

    @cached_property
    def figures(self) -> Figures:
        """The numbers above the lists; no query beside those that built the sets."""
        organisations = self.organisations
        return Figures(
            organisations=organisations.listed.bit_count(),
            people=self.people.visible_to(self.reader).bit_count(),
            alliances=len(organisations.alliances),
            full_members=organisations.full.bit_count(),
            countries=sum(bool(bits & organisations.full) for bits in organisations.on_map.values()),
        )


def enumerated(words: Iterable[str]) -> str:
    """Words of a list side by side, as in a table: "Arabic, English"."""
    return pgettext("between the items of a list", ", ").join(words)


def directory_for(reader: User) -> Directory:
    """The directory for `reader`, who must be in the network (see `policies.check_open`).

    Costs one query for the version; nine more where this process has not yet counted this version.
    """
    return Directory(reader, version_now())
