"""What each field of a profile may hold: one function a field, from what was typed or imported to what is stored.

Forms, the import and `organisation_update` all come through here, so none of them can store what the others refuse.
Every function raises ValidationError with a translated sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from memberships.organisations.models import Organisation, Region, Subject
from memberships.organisations.selectors.standing import today
from portal.search.folding import clean_name
from portal.ui.countries import CODES as COUNTRIES
from portal.ui.languages import CODES as LANGUAGES

LONGEST_NAME: Final = 200
LONGEST_ACRONYM: Final = 30
LONGEST_CITY: Final = 120
LONGEST_ADDRESS: Final = 300
LONGEST_DESCRIPTION: Final = 4000
MOST_LANGUAGES: Final = 30
MOST_SUBJECTS: Final = 30
FIRST_YEAR: Final = 1700
"""The oldest bodies that speak for the press began a little later."""

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]*:(?!\d)", re.IGNORECASE)
_website: Final = URLValidator(schemes=["http", "https"])
# Overrides make text read otherwise than it is; marks and isolates are part of how mixed scripts are written.
_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e")
_UNFIT: Final = frozenset({"Cc", "Cs", "Cn"})


def line(value: Any, longest: int) -> str:
    """A text of one line: nothing invisible in it, composed, at most `longest` characters."""
    text = clean_name(_text(value))
    if len(text) > longest:
        raise ValidationError(
            _("This may have at most %(limit)s characters; it has %(length)s.")
            % {"limit": longest, "length": len(text)},
            code="max_length",
        )
    return text


def paragraphs(value: Any, longest: int) -> str:
    """A text of several lines: without control characters and direction overrides, at most one empty line in a row."""
    text = _text(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(
        char for char in text if char == "\n" or (unicodedata.category(char) not in _UNFIT and char not in _OVERRIDES)
    )
    kept = "\n".join(row.strip() for row in unicodedata.normalize("NFC", kept).split("\n"))
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    if len(kept) > longest:
        raise ValidationError(
            _("This may have at most %(limit)s characters; it has %(length)s.")
            % {"limit": longest, "length": len(kept)},
            code="max_length",
        )
    return kept


def web_address(value: Any) -> str:
    """An address of the web, http or https; `https://` is added where no scheme was typed."""
    text = clean_name(_text(value)).replace(" ", "%20")
    if not text:
        return ""
    if not _SCHEME.match(text):
        text = f"https://{text.removeprefix('//')}"
    refusal = ValidationError(
        _("Give a web address that begins with https:// or http://, for example https://example.org."), code="invalid"
    )
    if len(text) > LONGEST_ADDRESS:
        raise ValidationError(
            _("A web address may have at most %(limit)s characters; this one has %(length)s.")
            % {"limit": LONGEST_ADDRESS, "length": len(text)},
            code="max_length",
        )
    try:
        _website(text)
    except ValidationError as error:
        raise refusal from error
    # A name before the host makes an address look like another one's.
    if "@" in re.split(r"[/?#]", text.split("://", 1)[1], maxsplit=1)[0] or "\\" in text:
        raise refusal
    scheme, rest = text.split("://", 1)
    return f"{scheme.lower()}://{rest}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValidationError(_("Give a text."), code="invalid")
    return value


def _name(value: Any) -> str:
    text = line(value, LONGEST_NAME)
    if not any(char.isalnum() for char in text):
        raise ValidationError(_("Give the organisation’s name in English."), code="required")
    return text


def _region(value: Any) -> str:
    if value not in Region.values:
        raise ValidationError(_("Choose one of the regions."), code="invalid_choice")
    return str(value)


def _country(value: Any) -> str:
    code = line(value, 10).upper()
    if code and code not in COUNTRIES:
        raise ValidationError(_("Choose one of the countries."), code="invalid_choice")
    return code


def _language(value: Any) -> str:
    code = line(value, 20).lower()
    if code and code not in LANGUAGES:
        raise ValidationError(_("Choose one of the languages."), code="invalid_choice")
    return code


def _several(value: Any, most: int) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValidationError(_("Choose from the list."), code="invalid_list")
    chosen = list(dict.fromkeys(_text(item).strip() for item in value))
    if len(chosen) > most:
        raise ValidationError(_("Choose at most %(limit)s.") % {"limit": most}, code="too_many")
    return [item for item in chosen if item]


def _languages(value: Any) -> list[str]:
    codes = list(dict.fromkeys(code.lower() for code in _several(value, MOST_LANGUAGES)))
    if not LANGUAGES.issuperset(codes):
        raise ValidationError(_("Choose languages from the list."), code="invalid_choice")
    return codes


def _subjects(value: Any) -> list[str]:
    slugs = sorted(_several(value, MOST_SUBJECTS))
    if slugs and any("\0" in slug for slug in slugs):
        raise ValidationError(_("Choose subjects from the list."), code="invalid_choice")
    if Subject.objects.filter(slug__in=slugs).count() != len(slugs):
        raise ValidationError(_("Choose subjects from the list."), code="invalid_choice")
    return slugs


def _year(value: Any) -> int | None:
    if value in (None, ""):
        return None
    this_year = today().year
    try:
        year = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else int("")
    except ValueError as error:
        raise ValidationError(_("Give a year in four digits, for example 1998."), code="invalid") from error
    if not FIRST_YEAR <= year <= this_year:
        raise ValidationError(
            _("Give a year between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": this_year}, code="invalid"
        )
    return year


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("Choose yes or no."), code="invalid")
    return value


CLEANERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": _name,
    "native_name": lambda value: line(value, LONGEST_NAME),
    "native_language": _language,
    "acronym": lambda value: line(value, LONGEST_ACRONYM),
    "region": _region,
    "country": _country,
    "country_hidden": _flag,
    "city": lambda value: line(value, LONGEST_CITY),
    "city_hidden": _flag,
    "languages": _languages,
    "subjects": _subjects,
    "founded_year": _year,
    "joined_year": _year,
    "website": web_address,
    **{f"description_{code}": lambda value: paragraphs(value, LONGEST_DESCRIPTION) for code in Organisation.LANGUAGES},
    "at_risk": _flag,
}
"""Every field of a profile that can be changed, with how it is cleaned. `subjects` are slugs, `languages` codes."""

MEMBERSHIP_FIELDS: Final = frozenset({"region", "joined_year"})
"""What the membership list is kept by: for the Secretariat alone."""


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The clean form of `values` (field → value). Raises ValidationError by field; LookupError for an unknown field."""
    unknown = set(values) - set(CLEANERS)
    if unknown:
        raise LookupError(f"a profile has no field {sorted(unknown)[0]!r}")
    cleaned: dict[str, Any] = {}
    wrong: dict[str, list[ValidationError]] = {}
    for field, value in values.items():
        try:
            cleaned[field] = CLEANERS[field](value)
        except ValidationError as error:
            wrong[field] = [error]
    if wrong:
        raise ValidationError(wrong)
    return cleaned


def stored(organisation: Organisation, fields: Collection[str]) -> dict[str, Any]:
    """What `organisation` holds in `fields` now, in the form of `clean`."""
    return {
        field: sorted(subject.slug for subject in organisation.subjects.all())
        if field == "subjects"
        else getattr(organisation, field)
        for field in fields
    }
