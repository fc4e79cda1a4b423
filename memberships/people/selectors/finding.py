"""People in the search: what is indexed of them, and how a reader sees those found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from babel import Locale
from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from memberships.people import policies
from memberships.people.models import Affiliation
from portal.accounts.models import User
from portal.registry import SearchDocument, SearchResult


def documents(person_ids: Sequence[int] | None) -> Iterator[SearchDocument]:
    """What is indexed of these people (all when None).

    Nothing of an organisation at risk: someone who belongs to another one too must not be found by it.
    """
    current = Affiliation.objects.filter(until__isnull=True).select_related("organisation")
    open_ones = current.filter(organisation__at_risk=False)
    people = User.objects.filter(is_active=True).select_related("profile")
    people = people.prefetch_related(Prefetch("affiliations", queryset=open_ones, to_attr="open_affiliations"))
    if person_ids is not None:
        people = people.filter(pk__in=person_ids)
    for person in people.order_by("pk").iterator(chunk_size=500):
        yield _document(person)


def _document(person: User) -> SearchDocument:
    profile = getattr(person, "profile", None)
    keywords: list[str] = []
    for row in person.open_affiliations:  # type: ignore[attr-defined]
        organisation = row.organisation
        keywords += [row.title, organisation.name, organisation.native_name, organisation.acronym]
    for code in profile.languages if profile else ():
        keywords += [Locale(speaker).languages.get(code, "") for speaker, _label in settings.LANGUAGES]
    return SearchDocument(
        object_id=person.pk,
        names=[person.name],
        keywords=list(dict.fromkeys(filter(None, keywords))),
        body=profile.about if profile else "",
    )


def results(reader: User, person_ids: Sequence[int]) -> list[SearchResult]:
    """Those of `person_ids` whom `reader` may see, in the given order, with the organisations `reader` may know of."""
    people = policies.visible_to(reader).in_bulk(list(person_ids))
    belongs: dict[int, list[str]] = defaultdict(list)
    rows = policies.visible_affiliations(reader).filter(person_id__in=people).select_related("organisation")
    for row in rows.order_by("organisation__name_sort", "pk"):
        belongs[row.person_id].append(" · ".join(filter(None, (row.title, row.organisation.display_name))))
    return [
        SearchResult(
            object_id=pk,
            title=people[pk].name,
            detail="; ".join(belongs[pk]),
            url=reverse("people:person", args=[pk]),
            subject=people[pk],
        )
        for pk in person_ids
        if pk in people
    ]
