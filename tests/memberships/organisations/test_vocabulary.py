"""The shared words: complete in four languages, and none of them twice."""

import pytest
from django.utils.text import slugify

from memberships.organisations.models import Region
from memberships.organisations.vocabulary import ALLIANCES, REGIONS, SUBJECTS, Term
from portal.search.folding import fold

TERMS = [*SUBJECTS, *REGIONS, *ALLIANCES]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.slug)
def test_every_term_has_a_label_in_every_language(term: Term) -> None:
    assert slugify(term.slug) == term.slug
    assert all(label == label.strip() != "" for label in (term.en, term.fr, term.es, term.ar))
    assert any("\u0600" <= char <= "\u06ff" for char in term.ar)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_no_two_subjects_share_a_label(language: str) -> None:
    labels = [fold(getattr(term, language)) for term in SUBJECTS]

    assert len(set(labels)) == len(labels)


def test_labels_are_written_in_sentence_case() -> None:
    for term in SUBJECTS:
        for label in (term.en, term.fr, term.es):
            words = label.replace("’", " ").split()
            assert label[0].isupper()
            assert all(word.islower() or word in {"ONU", "UN"} for word in words[1:]), label


def test_a_label_falls_back_to_english() -> None:
    press = next(term for term in SUBJECTS if term.slug == "press-freedom")

    assert press.label("fr") == "Liberté de la presse"
    assert press.label("es-mx") == "Libertad de prensa"
    assert press.label("ar") == "حرية الصحافة"
    assert press.label("de") == "Press freedom"


def test_regions_are_those_of_the_network_each_with_its_own_hue() -> None:
    assert {term.slug for term in REGIONS} == set(Region.values)
    assert {term.slug: term.en for term in REGIONS} == {value: str(label) for value, label in Region.choices}
    assert sorted(term.hue for term in REGIONS) == [1, 2, 3, 4, 5, 6]
