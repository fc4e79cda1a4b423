"""Names of languages and countries in the active language."""

from collections.abc import Iterable

from portal.ui.countries import country_name
from portal.ui.formats import current_locale, join_words

__all__ = ["country_name", "direction", "language_name", "language_names"]

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def language_name(code: str, *, inline: bool = False) -> str:
    """The language's name with a capital, as a label has it; `inline` leaves the case of running text."""
    name = current_locale().languages.get(code.replace("-", "_"), code)
    return name if inline else name[:1].upper() + name[1:]


def language_names(codes: Iterable[str]) -> str:
    """ "Anglais, français et arabe": several languages as a label has them, only the first with a capital."""
    joined = join_words(language_name(code, inline=True) for code in codes)
    return joined[:1].upper() + joined[1:]


def direction(code: str) -> str:
    """ "rtl", "ltr", or "auto" where the language is not known."""
    if not code:
        return "auto"
    return "rtl" if code.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
