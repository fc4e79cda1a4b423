"""What an exported list was narrowed by, as the record keeps it (`ListFilter.told`), in words."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from memberships.directory.filters.organisations import OrganisationFilter
from memberships.directory.filters.people import PeopleFilter
from memberships.organisations.models import Alliance, Region, Standing, Subject
from memberships.people.models import Role
from portal.audit import telling
from portal.registry import Detail, Text
from portal.ui.digits import localise_digits
from portal.ui.names import country_name, language_name


def narrowed_by() -> list[Detail]:
    """A detail for each filter of both lists."""
    codes = {
        "region": telling.choices(Region),
        "subject": telling.looked_up(_subjects),
        "language": telling.each(language_name),
        "country": telling.each(country_name),
        "alliance": telling.looked_up(_alliances),
        "standing": telling.choices(Standing.Kind),
        "joined": telling.each(_decade),
        "role": telling.choices(Role),
    }
    labels = {"q": _("Words looked for"), **PeopleFilter.labels, **OrganisationFilter.labels}
    return [Detail(name=name, label=label, told=codes.get(name, telling.some_words)) for name, label in labels.items()]


def _subjects(slugs: Collection[Any]) -> Mapping[Any, Text]:
    return {subject.slug: subject.name for subject in Subject.objects.filter(slug__in=slugs)}


def _alliances(slugs: Collection[Any]) -> Mapping[Any, Text]:
    return {alliance.slug: alliance.name for alliance in Alliance.objects.filter(slug__in=slugs)}


def _decade(first_year: str) -> str:
    return localise_digits(f"{first_year}–{int(first_year) + 9}")
