"""What is said about a row, in the reader's language. Made when it is shown, from the codes that are stored."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from memberships.organisations.models import Region
from portal.ui.digits import localise_digits
from portal.ui.formats import join_words

FIELDS: Final[Mapping[str, Promise]] = {
    "name": _("Name"),
    "acronym": _("Acronym"),
    "native_name": _("Name in its own language"),
    "country": _("Country"),
    "country_name": _("Country"),
    "city": _("City"),
    "region": _("Region"),
    "website": _("Website"),
    "languages": _("Languages"),
    "subjects": _("Works on"),
    "founded_year": _("Founded in"),
    "joined_year": _("Member since"),
    "alliances": _("Alliance"),
}

_SENTENCES: Final[Mapping[str, Promise]] = {
    # what a cell or a row is wrong by
    "ragged": _(
        "This row has %(cells)s cells, and there are %(columns)s headings. A separator is missing or too many."
    ),
    "formula": _("“%(field)s” holds a formula. Put its value into the cell instead."),
    "error": _("“%(field)s” holds an error of the spreadsheet (%(text)s)."),
    "missing": _("“%(field)s” is empty."),
    "no_letters": _("“%(field)s” holds no letter: %(text)s"),
    "too_long": _("“%(field)s” has %(length)s characters; at most %(limit)s are possible."),
    "too_many": _("“%(field)s” lists %(count)s; at most %(limit)s are possible."),
    "letters_lost": _("“%(field)s” lost letters when the table was saved: %(text)s"),
    "misread": _("“%(field)s” was saved in the wrong encoding: %(text)s. It probably was: %(perhaps)s"),
    "region": _("“%(text)s” is none of the regions, which are %(regions)s."),
    "new_without_region": _(
        "A new organisation needs a region. It comes from the table and is never derived from the country."
    ),
    "language": _("“%(text)s” is not the code of a language, such as en, fr, es or ar."),
    "website": _("“%(text)s” is not the address of a website, which begins with https:// or http://."),
    "year": _("“%(text)s” is not a year between %(oldest)s and %(newest)s."),
    "country": _("“%(text)s” is not the name of a country. Give its code of two letters."),
    "country_code": _("“%(text)s” is not the code of a country, which has two letters, such as CD."),
    "country_contradicts": _("The country %(name)s and the code %(code)s do not belong together."),
    "subject": _("“%(text)s” is none of the network’s subjects."),
    "subject_perhaps": _("“%(text)s” is none of the network’s subjects. Is “%(perhaps)s” meant?"),
    "alliance": _("“%(text)s” is none of the alliances."),
    "alliance_perhaps": _("“%(text)s” is none of the alliances. Is “%(perhaps)s” meant?"),
    # what is only told
    "cleaned": _("Invisible characters were removed from “%(field)s”."),
    "country_not_recognised": _("The country “%(text)s” was not recognised; the code %(code)s counts."),
    # what the Secretariat has to decide
    "same_name": _("%(name)s has the same name. Whether it is the same organisation is not certain."),
    "twice": _("Row %(row)s has the same name."),
    "like_acronym": _("May be the same as %(name)s: the same acronym in the same country."),
    "like_website": _("May be the same as %(name)s: the same website."),
    "like_native": _("May be the same as %(name)s: one’s name is the other’s in its own language."),
    "like_name": _("May be the same as %(name)s: the names are nearly the same."),
    "like_row_acronym": _("May be the same as row %(row)s: the same acronym in the same country."),
    "like_row_website": _("May be the same as row %(row)s: the same website."),
    "like_row_native": _("May be the same as row %(row)s: one’s name is the other’s in its own language."),
    "like_row_name": _("May be the same as row %(row)s: the names are nearly the same."),
}
_BY_REASON: Final = frozenset({"like", "like_row"})


def sentence(problem: Mapping[str, Any]) -> str:
    """One problem of a row as a sentence."""
    params = {name: _shown(value) for name, value in problem["params"].items()}
    field = str(FIELDS.get(problem["field"], ""))
    regions = join_words(Region.labels)
    return str(_SENTENCES[_name(problem)]) % {"field": field, "regions": regions, **params}


def _name(problem: Mapping[str, Any]) -> str:
    code, params = str(problem["code"]), problem["params"]
    if code in _BY_REASON:
        return f"{code}_{params['why']}"
    return f"{code}_perhaps" if f"{code}_perhaps" in _SENTENCES and params.get("perhaps") else code


def _shown(value: object) -> object:
    return localise_digits(str(value)) if isinstance(value, int) else value
