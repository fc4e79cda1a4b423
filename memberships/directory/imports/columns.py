"""What the columns of a table mean, and what a row says of one organisation.

A row becomes clean values by field, and problems. A field that the row leaves empty is left out of the values: an
empty cell says nothing, it never deletes what is known.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from memberships.directory.imports.encoding import misread
from memberships.directory.imports.table import Record, Table, Unreadable
from memberships.organisations.models import Region
from memberships.organisations.services.fields import (
    CLEANERS,
    FIRST_YEAR,
    LONGEST_ACRONYM,
    LONGEST_ADDRESS,
    LONGEST_CITY,
    LONGEST_NAME,
    MOST_LANGUAGES,
    MOST_SUBJECTS,
)  # fmt: skip
from memberships.organisations.vocabulary import REGIONS
from portal.search.folding import clean_name, fold
from portal.ui.countries import CODES, country_names
from portal.ui.languages import CODES as LANGUAGES

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "name in English", "English name", "organisation"),
    "acronym": ("acronym",),
    "native_name": ("native name",),
    "country": ("country code",),
    "country_name": ("country",),
    "city": ("city",),
    "region": ("region",),
    "website": ("website",),
    "languages": ("languages",),
    "subjects": ("focus", "subjects"),
    "founded_year": ("founded year", "founded"),
    "joined_year": ("joined year", "joined"),
    "alliances": ("alliance",),
}
# The headings of our own exports, which are in the language of whoever exported.
_EXPORTED: Final[Mapping[str, Promise]] = {
    "name": gettext_lazy("Name"),
    "acronym": gettext_lazy("Acronym"),
    "native_name": gettext_lazy("Name in its own language"),
    "country": gettext_lazy("Country code"),
    "country_name": gettext_lazy("Country"),
    "city": gettext_lazy("City"),
    "region": gettext_lazy("Region"),
    "website": gettext_lazy("Website"),
    "languages": gettext_lazy("Working languages"),
    "subjects": gettext_lazy("Works on"),
    "founded_year": gettext_lazy("Founded in"),
    "joined_year": gettext_lazy("Member since"),
    "alliances": gettext_lazy("Alliances"),
}
IGNORED: Final = ("evidence", "source", "note")
REMARKS: Final = frozenset({"cleaned", "country_not_recognised"})
"""Problems that are told beside the row and do not keep it out."""
MOST_ALLIANCES: Final = 10
SHOWN: Final = 80
"""So much of a cell is repeated in the sentence about it."""
# ISO 3166-1's own English names, where they are neither CLDR's nor ours.
_ISO_NAMES: Final = {
    "bolivia plurinational state of": "BO", "brunei darussalam": "BN", "cabo verde": "CV", "cote d ivoire": "CI",
    "czech republic": "CZ", "falkland islands malvinas": "FK", "holy see": "VA", "iran islamic republic of": "IR",
    "korea democratic peoples republic of": "KP", "korea republic of": "KR",
    "lao peoples democratic republic": "LA", "macedonia": "MK", "micronesia federated states of": "FM",
    "moldova republic of": "MD", "netherlands kingdom of the": "NL", "palestine state of": "PS",
    "russian federation": "RU", "syrian arab republic": "SY", "taiwan province of china": "TW",
    "tanzania united republic of": "TZ", "turkiye": "TR", "turkey": "TR",
    "united kingdom of great britain and northern ireland": "GB", "united states of america": "US",
    "venezuela bolivarian republic of": "VE", "viet nam": "VN",
}  # fmt: skip
_TEXT_MARK: Final = ("'=", "'+", "'-", "'@", "'\t", "'\r")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say beside a row; `code` names the sentence, see `sentences`."""

    code: str
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For `ImportRow.problems`."""
        return {"field": self.column, "code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each known field stands in the rows of one table."""

    places: Mapping[str, int]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]


def known_heading(heading: str) -> bool:
    """Whether a heading is one that the import understands or knowingly ignores."""
    return _field_of(heading) is not None or fold(heading) in IGNORED


def _field_of(heading: str) -> str | None:
    return _headings().get(fold(heading))


@cache
def _headings() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for language, _name in reversed(settings.LANGUAGES):
        with translation.override(language):
            known |= {fold(str(label)): name for name, label in _EXPORTED.items()}
    return known | {fold(heading): name for name, headings in FIELDS.items() for heading in headings}


def columns_of(table: Table) -> Columns:
    """Match the headings. Raises Unreadable where the names are missing or a column is there twice."""
    places: dict[str, int] = {}
    ignored, unknown = [], []
    for place, heading in enumerate(table.headings):
        name = _field_of(heading)
        shown = clean_name(heading)[:SHOWN] or _("column %(number)s, without a heading") % {"number": place + 1}
        if name in places:
            raise Unreadable(_("The column “%(column)s” is there twice. Remove one of them.") % {"column": shown})
        if name is not None:
            places[name] = place
        elif fold(heading) in IGNORED:
            ignored.append(shown)
        elif heading.strip() or any("".join(record.cells[place : place + 1]) for record in table.records):
            unknown.append(shown)
    if "name" not in places:
        raise Unreadable(
            _("The first row must hold the headings, and one of them must be “name”. These were found: %(headings)s.")
            % {"headings": ", ".join(clean_name(heading)[:40] for heading in table.headings[:12])}
        )
    if not table.records:
        raise Unreadable(_("The table has headings and no rows below them."))
    return Columns(places, tuple(ignored), tuple(unknown))


def read_row(record: Record, columns: Columns, width: int) -> tuple[dict[str, Any], list[Problem]]:
    """What one row says: clean values by field, and its problems. `width` is the number of headings."""
    if any(record.cells[width:]) or (len(record.cells) < width and not record.padded):
        return {}, [Problem("ragged", params={"cells": len(record.cells), "columns": width})]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for name, place in columns.places.items():
        raw = record.cells[place] if place < len(record.cells) else ""
        if place in record.faults:
            problems.append(Problem(record.faults[place], name, {"text": raw[:SHOWN]}))
            continue
        texts[name] = _clean(name, raw, problems)
    for name, text in texts.items():
        if text and name in _READERS:
            value, found = _READERS[name](text)
            problems += [Problem(problem.code, name, problem.params) for problem in found]
            if value not in ("", None, []):
                values[name] = value
    problems += _country(texts, values)
    if not texts.get("name") and not any(problem.column == "name" for problem in problems):
        problems.append(Problem("missing", "name"))
    return values, problems


def _clean(name: str, raw: str, problems: list[Problem]) -> str:
    """The text of a cell on one line, without what cannot be seen; says so where that was more than white space."""
    text = raw[1:] if raw.startswith(_TEXT_MARK) else raw  # a spreadsheet's own mark for "this is text"
    cleaned = clean_name(text)
    if "\ufffd" in text:
        problems.append(Problem("letters_lost", name, {"text": cleaned[:SHOWN]}))
        return ""
    if repaired := misread(text):
        problems.append(Problem("misread", name, {"text": cleaned[:SHOWN], "perhaps": clean_name(repaired)[:SHOWN]}))
        return ""
    if "".join(cleaned.split()) != unicodedata.normalize("NFC", "".join(text.split())):
        problems.append(Problem("cleaned", name))
    return cleaned


Reading = tuple[Any, list[Problem]]


def _line(field_name: str, limit: int) -> Callable[[str], Reading]:
    def read(text: str) -> Reading:
        if len(text) > limit:
            return "", [Problem("too_long", params={"length": len(text), "limit": limit})]
        return _cleaned(field_name, text, Problem("no_letters", params={"text": text[:SHOWN]}))

    return read


def _cleaned(field_name: str, value: object, otherwise: Problem) -> Reading:
    """What the profile's own rule makes of it; where that refuses, the problem says why in terms of the table."""
    try:
        return CLEANERS[field_name](value), []
    except ValidationError:
        return "", [otherwise]


def _region(text: str) -> Reading:
    code = _region_names().get(fold(text))
    return (code, []) if code else ("", [Problem("region", params={"text": text[:SHOWN]})])


@cache
def _region_names() -> Mapping[str, str]:
    names = {fold(region.value): region.value for region in Region}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {fold(str(region.label)): region.value for region in Region}
    return names | {fold(term.label(code)): term.slug for term in REGIONS for code, _name in settings.LANGUAGES}


def _website(text: str) -> Reading:
    if len(text) > LONGEST_ADDRESS:
        return "", [Problem("too_long", params={"length": len(text), "limit": LONGEST_ADDRESS})]
    return _cleaned("website", text, Problem("website", params={"text": text[:SHOWN]}))


def _list(text: str) -> list[str]:
    found: dict[str, str] = {}
    for part in text.split(";"):
        if folded := fold(part):
            found.setdefault(folded, part.strip())
    return list(found.values())


def _languages(text: str) -> Reading:
    codes, problems = [], []
    for part in _list(text):
        code = _language_codes().get(fold(part))
        if code is None:
            problems.append(Problem("language", params={"text": part[:SHOWN]}))
        elif code not in codes:
            codes.append(code)
    if problems:
        return [], problems[:3]
    return _cleaned("languages", codes, Problem("too_many", params={"count": len(codes), "limit": MOST_LANGUAGES}))


@cache
def _language_codes() -> Mapping[str, str]:
    """Codes by folded code, and by folded name in our four languages."""
    names: dict[str, str] = {}
    for locale in ("ar", "es", "fr", "en"):
        languages = Locale(locale).languages
        names |= {fold(languages[code]): code for code in LANGUAGES if code in languages}
    return names | {code: code for code in LANGUAGES}


def _names(limit: int) -> Callable[[str], Reading]:
    def read(text: str) -> Reading:
        names = _list(text)
        if len(names) > limit:
            return [], [Problem("too_many", params={"count": len(names), "limit": limit})]
        return [name[:LONGEST_NAME] for name in names], []

    return read


def _year(text: str) -> Reading:
    newest = timezone.now().year
    return _cleaned(
        "joined_year", text, Problem("year", params={"text": text[:SHOWN], "oldest": FIRST_YEAR, "newest": newest})
    )


_READERS: Final[Mapping[str, Callable[[str], Reading]]] = {
    "name": _line("name", LONGEST_NAME),
    "acronym": _line("acronym", LONGEST_ACRONYM),
    "native_name": _line("native_name", LONGEST_NAME),
    "city": _line("city", LONGEST_CITY),
    "region": _region,
    "website": _website,
    "languages": _languages,
    "subjects": _names(MOST_SUBJECTS),
    "founded_year": _year,
    "joined_year": _year,
    "alliances": _names(MOST_ALLIANCES),
}


def _country(texts: Mapping[str, str], values: dict[str, Any]) -> list[Problem]:
    """Code and name of the country together: the code counts, and a name that is another country's is told."""
    code, name = texts.get("country", "").upper(), texts.get("country_name", "")
    if not code and not name:
        return []
    if code and code not in CODES:
        return [Problem("country_code", "country", {"text": code[:SHOWN]})]
    meant = _country_codes().get(fold(name))
    if not code:
        if meant is None:
            return [Problem("country", "country", {"text": name[:SHOWN]})]
        values["country"] = meant
        return []
    if meant not in (None, code):
        return [Problem("country_contradicts", "country", {"name": name[:SHOWN], "code": code})]
    values["country"] = code
    if name and meant is None:
        return [Problem("country_not_recognised", "country", {"text": name[:SHOWN], "code": code})]
    return []


@cache
def _country_codes() -> Mapping[str, str]:
    names = dict(_ISO_NAMES)
    for language, _name in reversed(settings.LANGUAGES):
        names |= {fold(name): code for code, name in Locale(language).territories.items() if code in CODES}
        names |= {fold(name): code for code, name in country_names(language).items()}
    return names
