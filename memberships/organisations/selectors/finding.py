"""What the search knows of organisations, and how it shows the found ones."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation

from memberships.organisations.models import AllianceMembership, Organisation
from memberships.organisations.selectors.showing import OrganisationShown, listed, shown
from memberships.organisations.selectors.standing import on_day, today
from memberships.people.policies import Reader
from portal.registry import SearchDocument, SearchResult
from portal.ui.names import country_name

_BATCH: Final = 500
_LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)


def documents(object_ids: Sequence[int] | None = None) -> Iterator[SearchDocument]:
    """What is indexed of organisations (all when None): what everyone in the network may know of them.

    Everyone is answered from the same index, so it holds nothing that anyone of them may not see: of an organisation
    at risk its names alone, of one that hides its place no place.
    """
    now = AllianceMembership.objects.filter(on_day(today())).select_related("alliance")
    rows = Organisation.objects.order_by("pk").prefetch_related(
        "subjects", Prefetch("alliance_memberships", queryset=now, to_attr="running_alliances")
    )
    if object_ids is not None:
        rows = rows.filter(pk__in=object_ids)
    for organisation in rows.iterator(chunk_size=_BATCH):
        yield _document(organisation)


def _document(organisation: Organisation) -> SearchDocument:
    names = [organisation.name, organisation.native_name, organisation.acronym]
    if organisation.at_risk:
        return SearchDocument(object_id=organisation.pk, names=[name for name in names if name])
    things = [*organisation.subjects.all()]
    things += [membership.alliance for membership in organisation.running_alliances]  # type: ignore[attr-defined]
    labels = [getattr(thing, f"name_{code}") for thing in things for code in _LANGUAGES]
    acronyms = [membership.alliance.acronym for membership in organisation.running_alliances]  # type: ignore[attr-defined]
    keywords = [*labels, *acronyms, *_place(organisation)]
    texts = [getattr(organisation, f"description_{code}") for code in Organisation.LANGUAGES]
    return SearchDocument(
        object_id=organisation.pk,
        names=[name for name in names if name],
        keywords=[word for word in dict.fromkeys(keywords) if word],
        body="\n".join(text for text in texts if text),
    )


def _place(organisation: Organisation) -> list[str]:
    if organisation.country_hidden:
        return []
    countries = []
    for code in _LANGUAGES if organisation.country else ():
        with translation.override(code):
            countries.append(country_name(organisation.country))
    return countries if organisation.city_hidden else [organisation.city, *countries]


def results(reader: Reader, object_ids: Sequence[int]) -> list[SearchResult]:
    """The found organisations as lines of the result page, in the given order, none that `reader` may not see."""
    rows = {row.pk: row for row in listed(reader).filter(pk__in=object_ids)}
    return [_result(shown(reader, rows[pk])) for pk in object_ids if pk in rows]


def _result(organisation: OrganisationShown) -> SearchResult:
    return SearchResult(
        object_id=organisation.id,
        title=organisation.display_name,
        detail=organisation.place or organisation.second_name,
        url=organisation.url,
        subject=organisation,
        lang=organisation.display_language,
    )
