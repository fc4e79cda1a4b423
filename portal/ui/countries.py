"""Countries: which codes there are, and their names in the reader's language.

Names are CLDR's (through Babel), except a few where CLDR's plain name is not the one that
the network and the United Nations use: see `_NAMES`.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "CD": "Democratic Republic of the Congo", "CG": "Congo", "HK": "Hong Kong", "MM": "Myanmar", "MO": "Macao",
        "PS": "Palestine",
    },
    "fr": {
        "CD": "République démocratique du Congo", "CG": "Congo", "HK": "Hong Kong", "MM": "Myanmar", "MO": "Macao",
        "PS": "Palestine",
    },
    "es": {
        "CD": "República Democrática del Congo", "CG": "Congo", "HK": "Hong Kong", "MM": "Myanmar", "MO": "Macao",
        "PS": "Palestina",
    },
    "ar": {
        "CD": "جمهورية الكونغو الديمقراطية", "CG": "الكونغو", "HK": "هونغ كونغ", "MM": "ميانمار", "MO": "ماكاو",
        "PS": "فلسطين",
    },
}  # fmt: skip
# Territories of CLDR that are no countries of ISO 3166-1: groupings, islands without a code, codes for tests.
_NO_COUNTRIES: Final = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)  # fmt: skip


@lru_cache(maxsize=32)
def _names(language: str) -> Mapping[str, str]:
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    territories = {
        code: name.replace(" & ", " and ")  # CLDR's English writes names for narrow columns
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    return MappingProxyType(territories | dict(_NAMES.get(locale.language, {})))


def country_names(language: str | None = None) -> Mapping[str, str]:
    """Return the names of all countries by ISO 3166-1 alpha-2 code (and XK for Kosovo), in no particular order.

    In `language`, a code such as "fr" or "es-mx"; in the active one when None; in English when it is not known.
    """
    return _names(language or get_language() or "en")


def country_name(code: str, language: str | None = None) -> str:
    """Return the name of one country, languages as in `country_names`; an unknown code comes back as it is."""
    return country_names(language).get(code.upper(), code)


CODES: Final = frozenset(_names("en"))
"""All country codes an address may have."""
