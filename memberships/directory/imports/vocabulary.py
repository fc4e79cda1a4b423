"""Subjects and alliances as an import knows them: those the network has, and those of its shared vocabulary.

A word of the vocabulary becomes a row, with its labels in four languages, when the first organisation needs it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from memberships.organisations.models import Alliance, Subject
from memberships.organisations.vocabulary import ALLIANCES, SUBJECT_BY_SLUG, SUBJECTS, AllianceTerm, Term
from portal.search.folding import fold

_ALLIANCE_BY_SLUG: Final[Mapping[str, AllianceTerm]] = {term.slug: term for term in ALLIANCES}
_NAMES: Final = ("name_ar", "name_es", "name_fr", "name_en", "acronym", "slug")


def subject_slugs() -> dict[str, str]:
    """Slugs by folded name, in every language; where two have one name, the network's own counts."""
    return _of_terms(SUBJECTS) | _of_rows(Subject)


def alliance_slugs() -> dict[str, str]:
    """As `subject_slugs`, by acronym too."""
    return _of_terms(ALLIANCES) | _of_rows(Alliance)


def subject_labels(language: str) -> dict[str, str]:
    """Labels by slug."""
    known = {term.slug: term.label(language) for term in SUBJECTS}
    return known | {subject.slug: subject.name for subject in Subject.objects.all()}


def alliance_labels(language: str) -> dict[str, str]:
    """Acronyms by slug, names where there is none."""
    known = {term.slug: term.acronym or term.label(language) for term in ALLIANCES}
    return known | {alliance.slug: alliance.acronym or alliance.name for alliance in Alliance.objects.all()}


def ensure(subjects: Iterable[str], alliances: Iterable[str]) -> None:
    """Make rows of those slugs of the vocabulary that have none yet. Call it in the transaction that needs them."""
    missing = sorted(set(subjects) - set(Subject.objects.values_list("slug", flat=True)))
    Subject.objects.bulk_create(
        [Subject(**_labels(SUBJECT_BY_SLUG[slug])) for slug in missing if slug in SUBJECT_BY_SLUG],
        ignore_conflicts=True,
    )
    missing = sorted(set(alliances) - set(Alliance.objects.values_list("slug", flat=True)))
    terms = [_ALLIANCE_BY_SLUG[slug] for slug in missing if slug in _ALLIANCE_BY_SLUG]
    Alliance.objects.bulk_create(
        [Alliance(acronym=term.acronym, **_labels(term)) for term in terms], ignore_conflicts=True
    )


def _labels(term: Term) -> dict[str, str]:
    return {"slug": term.slug, "name_en": term.en, "name_fr": term.fr, "name_es": term.es, "name_ar": term.ar}


def _of_terms(terms: Iterable[Term]) -> dict[str, str]:
    return {
        fold(text): term.slug
        for term in terms
        for text in (term.ar, term.es, term.fr, term.en, getattr(term, "acronym", ""), term.slug)
        if text
    }


def _of_rows(kind: type[Subject] | type[Alliance]) -> dict[str, str]:
    rows: list[Any] = list(kind._default_manager.all())
    return {fold(text): row.slug for name in _NAMES for row in rows if (text := getattr(row, name, ""))}
