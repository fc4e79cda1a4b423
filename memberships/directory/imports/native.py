"""In which language an organisation's own name is, so that it is shown and spoken as such."""

import unicodedata
from collections.abc import Iterable
from typing import Final

_SCRIPTS: Final = {
    "am": "ETHIOPIC", "ar": "ARABIC", "be": "CYRILLIC", "bg": "CYRILLIC", "bn": "BENGALI", "ckb": "ARABIC",
    "el": "GREEK", "fa": "ARABIC", "he": "HEBREW", "hi": "DEVANAGARI", "hy": "ARMENIAN", "ja": "CJK", "ka": "GEORGIAN",
    "kk": "CYRILLIC", "km": "KHMER", "ko": "HANGUL", "ky": "CYRILLIC", "lo": "LAO", "mk": "CYRILLIC", "mn": "CYRILLIC",
    "my": "MYANMAR", "ne": "DEVANAGARI", "ps": "ARABIC", "ru": "CYRILLIC", "si": "SINHALA", "ta": "TAMIL",
    "tg": "CYRILLIC", "th": "THAI", "ti": "ETHIOPIC", "ug": "ARABIC", "uk": "CYRILLIC", "ur": "ARABIC", "zh": "CJK",
}  # fmt: skip
_BOTH: Final = {"sr": frozenset({"LATIN", "CYRILLIC"}), "az": frozenset({"LATIN", "CYRILLIC"})}


def native_language(name: str, languages: Iterable[str]) -> str:
    """Return the code of the language that `name` is in, where the working `languages` leave one possibility, or "".

    Told by script: a name in Arabic letters of an organisation that works in Arabic and English is Arabic. English is
    left out, for who is called by an English name needs no second one.
    """
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in name if char.isalpha()}
    if len(scripts) != 1:
        return ""
    possible = [code for code in languages if code != "en" and scripts <= _written_in(code)]
    return possible[0] if len(possible) == 1 else ""


def _written_in(code: str) -> frozenset[str]:
    return _BOTH.get(code, frozenset({_SCRIPTS.get(code, "LATIN")}))
