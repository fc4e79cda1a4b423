"""Folding: one plain form of a text for searching and sorting, the same for what is stored and for what is typed.

It forgives case, accents, special Latin letters (ø, ł, ß, æ, ı), elisions (`l'homme`
is `homme`), other apostrophes (`I'lam` is `ilam`), dots of acronyms (`J.E.D.` is `jed`),
Arabic vowel marks and tatweel, digits of any script, punctuation and invisible characters.

Two decisions about Arabic. Letters are brought together as people in fact type them
(`أ إ آ ٱ` are `ا`, `ى` and `ئ` are `ي`, `ة` is `ه`, `ؤ` is `و`, Persian `ک ی` are `ك ي`,
a hamza on its own is dropped), at the price of rare false friends. The article stays in
the folded text, but `words`, made for the index, gives a word that carries it in both
forms (`والصحافة` as `والصحافه` and `صحافه`) and `query_words`, made for what is typed,
in the short one: so every way to type it finds every way it was written.

Nothing here raises on any text, lone surrogates included, and folding twice changes nothing.
"""

import re
import unicodedata
from typing import Final

LONGEST_KEY: Final = 200
"""A sort key keeps so many characters."""

# Letters that Unicode does not take apart.
_LETTERS: Final = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n",
    "ŧ": "t", "ĸ": "k", "ə": "e", "ǝ": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɣ": "g",
}  # fmt: skip
_ARABIC: Final = {
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
    "ک": "ك", "ڪ": "ك", "ء": "", "ـ": "",
}  # fmt: skip
# Invisible characters: zero width, direction marks and overrides, fillers, tags, variation selectors.
_INVISIBLE: Final[dict[int, None]] = dict.fromkeys(
    [
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC), *range(0x180B, 0x1810), *range(0xE0000, 0xE0200),
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0,
    ]
)  # fmt: skip
_PLAIN: Final = str.maketrans(_LETTERS | _ARABIC)
_APOSTROPHES: Final = "'’‘‛ʼʻʾʿˈʹ′`´＇׳"
_APOSTROPHE: Final = re.compile(f"[{_APOSTROPHES}]")
# French and Italian words that lose their vowel before the next one; at least two letters must follow.
_ELIDED: Final = ("c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "dell", "nell", "all")
_ELISION: Final = re.compile(rf"\b(?:{'|'.join(_ELIDED)})[{_APOSTROPHES}](?=\w\w)")
_DOTTED: Final = re.compile(r"(?<![\w.])(?:[^\W\d_]\.)+[^\W\d_](?:\.|(?!\w))")
_CAPITALS: Final = re.compile(r"(?<!\w)[^\W\d_]+(?:[-\u2010\u2011&/]?[^\W_]+)*(?!\w)")
_ARABIC_ARTICLE: Final = re.compile(r"(?:[وبكف]?ال|لل)(?=\w{3})")
_JOINING_WORDS: Final = frozenset({"and", "et", "y", "و", *(word for word in _ELIDED if len(word) == 1)})
_LEADING_ARTICLE: Final = re.compile(r"\A(?:the|an?|les?|la|el|los|las) (?=.)")


def fold(text: str) -> str:
    """Return the plain form of `text`: lower-case words with one space between them, no marks, no punctuation.

    Any text goes in; letters, digits and single spaces come out, or nothing. `fold(fold(x)) == fold(x)`.
    """
    for _ in range(5):  # what an odd letter decomposes into can be work for an earlier step
        folded = _fold_once(text)
        if folded == text:
            break
        text = folded
    return text


def words(text: str) -> list[str]:
    """Return the words of `text` for an index: folded, each once, in order; Arabic ones with and without article.

    Acronyms written with hyphens are added in one piece: `WAN-IFRA` gives `wan`, `ifra` and `wanifra`.
    """
    found = [form for word in fold(text).split() for form in (word, _bare(word))]
    return list(dict.fromkeys([*found, *acronyms(text)]))


def query_words(text: str) -> list[str]:
    """Return the words of what a person typed, each of which a result must contain, as `words` has stored them.

    Words that only join others ("and", "et", "y", a lone "d") are left out unless nothing else was typed.
    """
    typed = list(dict.fromkeys(_bare(word) for word in fold(text).split()))
    return [word for word in typed if word not in _JOINING_WORDS] or typed


def acronyms(text: str) -> list[str]:
    """Return the acronyms written in `text`, folded and in one piece: `J.E.D.` as `jed`, `WAN-IFRA` as `wanifra`."""
    dotted = [match.group().replace(".", "") for match in _DOTTED.finditer(text)]
    capitals = [match.group() for match in _CAPITALS.finditer(text) if match.group().isupper()]
    folded = (fold(found).replace(" ", "") for found in (*dotted, *capitals))
    return list(dict.fromkeys(found for found in folded if len(found) > 1))


def sort_key(text: str) -> str:
    """Return the key to order names by, for comparison by code point (in PostgreSQL: collation "C").

    Folded, so case, accents and leading punctuation do not count, and without a leading article ("The", "La", "El").
    Latin comes first, other scripts follow in the order of Unicode; a name without letters and digits ends the Latin
    ones. At most `LONGEST_KEY` characters.
    """
    folded = _LEADING_ARTICLE.sub("", fold(text), count=1)
    return (folded or f"~{clean_name(text)}")[:LONGEST_KEY]


def clean_name(text: str) -> str:
    """Return `text` as it may be shown and stored as a name: one line, nothing invisible, composed (NFC).

    Control characters, direction overrides and marks, zero-width characters, surrogates and noncharacters go (XML, and
    so XLSX, could not even hold some of them); white space becomes single spaces. The joiners of Persian, Nepali or
    Sinhala spelling stay where they stand between two letters of such a script, for there they change how it reads.
    """
    kept = "".join(
        " " if char.isspace() else char
        for place, char in enumerate(text)
        if not _is_unfit(char) or _is_spelling(text, place)
    )
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.translate(_INVISIBLE)).casefold()
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not _is_accent(char))
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text.translate(_PLAIN))
    text = _APOSTROPHE.sub("", _ELISION.sub(" ", text))
    return unicodedata.normalize("NFC", " ".join("".join(map(_plain, text)).split()))


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char if char.isalnum() or unicodedata.category(char).startswith("M") else " "


def _is_accent(char: str) -> bool:
    """Tell marks that may be forgiven from the vowel signs of Indic, Thai, Khmer or Burmese, which are letters."""
    return unicodedata.category(char).startswith("M") and not 0x0900 <= ord(char) < 0x1AB0


def _bare(word: str) -> str:
    return _ARABIC_ARTICLE.sub("", word, count=1) if _ARABIC_ARTICLE.match(word) else word


def _is_unfit(char: str) -> bool:
    code = ord(char)
    if code in _INVISIBLE or unicodedata.category(char) == "Cs":
        return True
    if 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:  # noncharacters
        return True
    return unicodedata.category(char) == "Cc" and not char.isspace()


def _is_spelling(text: str, place: int) -> bool:
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return (
        text[place] in "\u200c\u200d"
        and len(around) == 2
        and all(0x0600 <= ord(char) < 0x1AB0 and unicodedata.category(char)[0] in "LM" for char in around)
    )
