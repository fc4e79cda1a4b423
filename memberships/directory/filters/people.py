"""Filters of the people directory."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Region, Standing
from memberships.organisations.policies import STANDINGS_SHOWN_TO_ALL
from memberships.organisations.selectors import listed
from memberships.people.policies import GIVEN_ROLES, visible_affiliations, visible_to
from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.lists.bitsets import Facets
from portal.lists.filters import BEST_MATCH, ListFilter, TextFilter, ValueFilter, ValuesFilter
from portal.search.selectors import matching

SOURCE = "person"
SORTS = ("name", "-name", BEST_MATCH)


class PeopleFilter(ListFilter):
    """`?q=&region=&country=&language=&role=&standing=&sort=`: region, country and standing of the organisations."""

    q = TextFilter(method="by_text")
    region = ValuesFilter(method="by_organisation")
    country = ValuesFilter(method="by_country")
    language = ValuesFilter(method="by_language")
    role = ValuesFilter(method="by_role")
    standing = ValuesFilter(method="by_organisation")
    sort = ValueFilter(choices=SORTS, initial="")

    labels: ClassVar = {
        "region": _("Region"),
        "role": _("Role"),
        "language": _("Language"),
        "country": _("Country"),
        "standing": _("Standing of the organisation"),
    }
    facet_names: ClassVar = tuple(labels)

    def __init__(self, data: Any, *, reader: User, facets: Facets) -> None:
        super().__init__(data, User, reader=reader, facets=facets)

    def whole(self) -> QuerySet[User]:
        return visible_to(self.reader)

    def always(self, name: str) -> Any:
        if name == "standing":
            return Standing.Kind.values if is_secretariat(self.reader) else sorted(STANDINGS_SHOWN_TO_ALL)
        return {"region": Region.values, "role": GIVEN_ROLES}.get(name, ())

    def by_text(self, queryset: QuerySet[User], _name: str, text: str) -> QuerySet[User]:
        """Names, titles and organisations that have all words of the text."""
        return queryset.filter(pk__in=matching(SOURCE, text))

    def by_language(self, queryset: QuerySet[User], _name: str, values: list[str]) -> QuerySet[User]:
        """Who speak one of these languages."""
        return queryset.filter(profile__languages__overlap=values)

    def by_role(self, queryset: QuerySet[User], _name: str, values: list[str]) -> QuerySet[User]:
        """Who hold one of these roles now, in an organisation that the network may know them in."""
        held = Q(role_terms__role__in=values, role_terms__until__isnull=True)
        return self._affiliated(queryset, held & self._known("organisation__"))

    def by_organisation(self, queryset: QuerySet[User], name: str, values: list[str]) -> QuerySet[User]:
        """Of an organisation of one of these regions, or with one of these standings."""
        organisations = listed(self.reader).filter(self._known(), Q((f"shown_{name}__in", values)))
        return self._affiliated(queryset, Q(organisation__in=organisations.values("pk")))

    def by_country(self, queryset: QuerySet[User], _name: str, values: list[str]) -> QuerySet[User]:
        """Of an organisation in one of these countries; those at risk are in none, for anybody."""
        shown = Q() if is_secretariat(self.reader) else Q(country_hidden=False)
        organisations = listed(self.reader).filter(shown, Q(("shown_country__in", values)), at_risk=False)
        return self._affiliated(queryset, Q(organisation__in=organisations.values("pk")))

    def _affiliated(self, queryset: QuerySet[User], condition: Q) -> QuerySet[User]:
        found = visible_affiliations(self.reader).filter(condition)
        return queryset.filter(pk__in=found.values("person_id"))

    def _known(self, prefix: str = "") -> Q:
        return Q() if is_secretariat(self.reader) else Q(**{f"{prefix}at_risk": False})
