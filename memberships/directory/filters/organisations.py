"""Filters of the directory of organisations.

To everyone but the Secretariat an organisation at risk has no facts, and a hidden country is none: also to their own
people, for a count is not the place to tell them what they know.
"""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Organisation, Region, Standing
from memberships.organisations.policies import STANDINGS_SHOWN_TO_ALL
from memberships.organisations.selectors import alliance_links, listed, running, subject_links, today
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.lists.bitsets import Facets
from portal.lists.filters import BEST_MATCH, ListFilter, TextFilter, ValueFilter, ValuesFilter
from portal.search.selectors import matching

SOURCE = "organisation"
SORTS = ("name", "-name", "country", "-country", "joined", "-joined", BEST_MATCH)
VIEWS = ("list", "table", "map")


class OrganisationFilter(ListFilter):
    """`?q=&region=&country=&language=&subject=&alliance=&standing=&joined=&sort=&view=`"""

    q = TextFilter(method="by_text")
    region = ValuesFilter(method="by_region")
    subject = ValuesFilter(method="by_subject")
    language = ValuesFilter(method="by_language")
    country = ValuesFilter(method="by_country")
    alliance = ValuesFilter(method="by_alliance")
    standing = ValuesFilter(method="by_standing")
    joined = ValuesFilter(method="by_joined")
    sort = ValueFilter(choices=SORTS, initial="")
    view = ValueFilter(choices=VIEWS, initial="list")

    labels: ClassVar = {
        "region": _("Region"),
        "subject": _("Works on"),
        "language": _("Working language"),
        "country": _("Country"),
        "alliance": _("Alliance"),
        "standing": _("Standing"),
        "joined": _("Joined"),
    }
    facet_names: ClassVar = tuple(labels)

    def __init__(self, data: Any, *, reader: User, facets: Facets) -> None:
        super().__init__(data, Organisation, reader=reader, facets=facets)

    def whole(self) -> QuerySet[Organisation]:
        return listed(self.reader)

    def always(self, name: str) -> Any:
        if name == "standing":
            return Standing.Kind.values if is_secretariat(self.reader) else sorted(STANDINGS_SHOWN_TO_ALL)
        return Region.values if name == "region" else ()

    @property
    def shown_as(self) -> str:
        """How the list is shown: "list", "table" or "map"."""
        return self.values["view"]

    def filter_queryset(self, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Former members are listed only where a standing is asked for."""
        queryset = super().filter_queryset(queryset)
        if self.values["standing"]:
            return queryset
        former = running(Standing.objects.filter(organisation=OuterRef("pk"), kind=Standing.Kind.FORMER), today())
        return queryset.filter(~Exists(former))

    def by_text(self, queryset: QuerySet[Organisation], _name: str, text: str) -> QuerySet[Organisation]:
        """Names, subjects, places and descriptions that have all words of the text."""
        return queryset.filter(pk__in=matching(SOURCE, text))

    def by_region(self, queryset: QuerySet[Organisation], _name: str, values: list[str]) -> QuerySet[Organisation]:
        """Of one of these regions."""
        return queryset.filter(self._known(), Q(("shown_region__in", values)))

    def by_country(self, queryset: QuerySet[Organisation], _name: str, values: list[str]) -> QuerySet[Organisation]:
        """In one of these countries; those at risk are in none, for anybody."""
        shown = Q() if is_secretariat(self.reader) else Q(country_hidden=False)
        return queryset.filter(shown, Q(("shown_country__in", values)), at_risk=False)

    def by_language(self, queryset: QuerySet[Organisation], _name: str, values: list[str]) -> QuerySet[Organisation]:
        """Working in one of these languages."""
        return queryset.filter(self._known(), Q(("shown_languages__overlap", values)))

    def by_subject(self, queryset: QuerySet[Organisation], _name: str, values: list[str]) -> QuerySet[Organisation]:
        """Working on one of these subjects."""
        links = subject_links(self.reader).filter(subject__slug__in=values)
        return queryset.filter(self._known(), pk__in=links.values("organisation_id"))

    def by_alliance(self, queryset: QuerySet[Organisation], _name: str, values: list[str]) -> QuerySet[Organisation]:
        """Today in one of these alliances."""
        links = alliance_links(self.reader).filter(alliance__slug__in=values)
        return queryset.filter(self._known(), pk__in=links.values("organisation_id"))

    def by_standing(self, queryset: QuerySet[Organisation], _name: str, values: list[str]) -> QuerySet[Organisation]:
        """With one of these standings today."""
        return queryset.filter(self._known(), Q(("shown_standing__in", values)))

    def by_joined(self, queryset: QuerySet[Organisation], _name: str, values: list[str]) -> QuerySet[Organisation]:
        """Member since a year of one of these decades, each given by its first year."""
        years = Q()
        for value in values:
            years |= Q(shown_joined__gte=int(value), shown_joined__lt=int(value) + 10)
        return queryset.filter(self._known(), years)

    def _known(self) -> Q:
        return Q() if is_secretariat(self.reader) else Q(at_risk=False)
