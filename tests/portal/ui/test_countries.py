"""Countries: the codes there are, and their names."""

import pytest
from django.utils import translation

from portal.ui.countries import CODES, country_name, country_names


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Palestine"), ("fr", "Palestine"), ("es", "Palestina"), ("ar", "فلسطين")]
)
def test_a_country_is_named_in_the_active_language(language: str, name: str) -> None:
    with translation.override(language):
        assert country_name("PS") == name
        assert country_name("ps") == name


def test_a_language_can_be_asked_for() -> None:
    with translation.override("ar"):
        assert country_name("EG", "es") == "Egipto"
        assert country_name("EG", "es-mx") == "Egipto"


@pytest.mark.parametrize("language", ["", "xx", "tlh-xx", "../etc", "a" * 500])
def test_an_unknown_language_gives_english(language: str) -> None:
    with translation.override("en"):
        assert country_name("EG", language) == "Egypt"


def test_english_names_are_written_out() -> None:
    assert country_name("TT", "en") == "Trinidad and Tobago"
    assert country_name("BA", "en") == "Bosnia and Herzegovina"


def test_an_unknown_code_comes_back() -> None:
    assert country_name("QQ") == "QQ"
    assert country_name("") == ""


def test_there_are_all_countries_of_the_standard_and_kosovo() -> None:
    assert len(CODES) == 249 + 1
    assert {"EG", "PS", "HK", "TW", "XK"} <= CODES
    assert not {"EU", "UN", "ZZ", "XA"} & CODES


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_country_has_a_name_of_its_own_in_every_language(language: str) -> None:
    names = country_names(language)

    assert names.keys() == CODES
    assert len(set(names.values())) == len(names)
