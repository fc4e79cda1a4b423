"""Numbers, sizes, dates and lists of words in the reader's language, by Babel's CLDR data.

Dates follow the house form, weekday and month in words ("Thu 10 June 2027"), so that no reader has to know
whether the day or the month comes first.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, pgettext

from portal.ui.digits import localise_digits, uses_arabic_indic, western_preferred

Number = int | float | Decimal

# "long" is for a page's head (Tuesday 8 June 2027), "plain" for records (2 November 2026).
PATTERNS: dict[str, dict[str, str]] = {
    "full": {"": "EEE d MMMM y", "es": "EEE d 'de' MMMM 'de' y"},
    "short": {"": "EEE d MMMM", "es": "EEE d 'de' MMMM"},
    "plain": {"": "d MMMM y", "es": "d 'de' MMMM 'de' y"},
    "long": {"": "EEEE d MMMM y", "es": "EEEE d 'de' MMMM 'de' y"},
    "month": {"": "MMMM y", "es": "MMMM 'de' y"},
}
# Before this sound Spanish "y" becomes "e" (Real Academia: Ortografía, "y, e"), but not before "hie" and "hia".
SOUNDS_LIKE_I = re.compile(r"h?[iíîï](?![ae])", re.IGNORECASE)
UNITS = (("digital-gigabyte", 1_000_000_000), ("digital-megabyte", 1_000_000), ("digital-kilobyte", 1_000))


def current_locale() -> Locale:
    """Babel's locale of the active language; English is British."""
    return _locale((get_language() or "en").split("-")[0])


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    return Locale.parse("en_GB" if code == "en" else code)


def _system() -> str:
    return "arab" if uses_arabic_indic() else "latn"


def number(value: Number) -> str:
    """12,345 · 12 345 · ١٢٬٣٤٥."""
    return _number(value, get_language(), western_preferred())


@lru_cache(maxsize=4096, typed=True)  # a page with facets writes hundreds of small numbers
def _number(value: Number, language: str | None, western: bool) -> str:
    # Both are those of the current reader, and here only to tell apart what is remembered.
    return localise_digits(format_decimal(value, locale=current_locale(), numbering_system=_system()))


def percentage(share: Number) -> str:
    """A share between 0 and 1 as whole per cent: 0.59 is "59%"."""
    written = localise_digits(format_percent(share, locale=current_locale(), numbering_system=_system()))
    return written.replace("%", "٪") if uses_arabic_indic() else written


def size(count: int) -> str:
    """A number of bytes in kB, MB or GB (thousands, as operating systems count). Never 0 kB for something."""
    unit, whole = next(((unit, whole) for unit, whole in UNITS if count >= whole), UNITS[-1])
    amount = count / whole
    amount = round(amount, 1) if whole >= 1_000_000 and amount < 10 else max(round(amount), 1 if count else 0)
    written = format_unit(amount, unit, length="short", locale=current_locale(), numbering_system=_system())
    return localise_digits(written.replace("م.ب", "ميغابايت").replace("غ.ب", "غيغابايت"))  # CLDR's are read by few


def day(value: date, form: str = "full") -> str:
    """A day in words. A datetime is first brought to the reader's time zone."""
    if isinstance(value, datetime):
        value = local(value)
    patterns = PATTERNS[form]
    locale = current_locale()
    return localise_digits(format_date(value, patterns.get(locale.language, patterns[""]), locale=locale))


def local(value: datetime) -> datetime:
    """`value` in the reader's time zone; a naive one is taken as UTC."""
    return timezone.localtime(value if timezone.is_aware(value) else value.replace(tzinfo=UTC))


def zone(value: datetime) -> str:
    """The offset of an aware datetime: "UTC", "UTC+2", "UTC−3:30"."""
    minutes = int((value.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def clock(value: datetime) -> str:
    """18:00 UTC+2, in the reader's time zone, which is named."""
    here = local(value)
    parts = {"time": localise_digits(here.strftime("%H:%M")), "zone": localise_digits(zone(here))}
    return pgettext("time of day and time zone", "%(time)s %(zone)s") % parts


def moment(value: datetime, form: str = "full") -> str:
    """Thu 10 June 2027, 18:00 UTC+2, in the reader's time zone, which is named."""
    return pgettext("date and time", "%(day)s, %(clock)s") % {"day": day(value, form), "clock": clock(value)}


def join_words(words: Iterable[object]) -> str:
    """ "English, French and Arabic", by the rule of the active language."""
    listed = [str(word) for word in words]
    locale = current_locale()
    if len(listed) > 1 and locale.language == "ar" and listed[-1][:1].isascii():
        # The Arabic "and" is written together with its word, but not with a Latin one.
        return format_list([*listed[:-1], f" {listed[-1]}"], locale=locale)
    if len(listed) > 1 and locale.language == "es" and SOUNDS_LIKE_I.match(listed[-1]):
        return ", ".join(listed[:-1]) + f" e {listed[-1]}"
    return format_list(listed, locale=locale)
