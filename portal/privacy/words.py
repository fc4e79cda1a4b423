"""A person's name, addresses and numbers in texts that others wrote, and how they are taken out of them.

Recognised are: an e-mail address, whatever the case of its letters; a telephone number, however it is spaced; a name
of several words wherever it stands as such. A name of one word is an ordinary word in many languages: it counts only
where it is the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

_BETWEEN_DIGITS: Final = r"[ ().\-/]*"
_FEWEST_DIGITS: Final = 6
_FEWEST_LETTERS: Final = 4


@dataclass(frozen=True)
class Words:
    """What a person is recognised by. `within` are patterns for any place in a text, `whole` texts as a whole."""

    within: tuple[str, ...]
    whole: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Words:
        """From names, addresses and telephone numbers, in any order; empty and too short ones are left out."""
        within: list[str] = []
        whole: set[str] = set()
        for text in dict.fromkeys(" ".join(text.split()) for text in texts):
            digits = re.sub(r"\D", "", text)
            if re.fullmatch(r"[\d\s+().\-/]+", text):
                if len(digits) >= _FEWEST_DIGITS:
                    within.append(rf"[+]?{_BETWEEN_DIGITS.join(digits)}")
            elif len(text) >= _FEWEST_LETTERS and ("@" in text or " " in text):
                within.append(re.escape(text))
            elif text:
                whole.add(text.casefold())
        return cls(tuple(sorted(within, key=len, reverse=True)), frozenset(whole))

    def __bool__(self) -> bool:
        return bool(self.within or self.whole)

    @property
    def database_pattern(self) -> str:
        """A regular expression of PostgreSQL that finds every text that may have to change, and some that need not."""
        # A quotation mark stands behind a backslash in JSON.
        patterns = [pattern.replace('"', '\\\\?"') for pattern in self.within]
        return "|".join([*patterns, *(re.escape(text) for text in sorted(self.whole))])

    def taken_out(self, value: Any, instead: str) -> Any:
        """`value` (text, or JSON at any depth) with `instead` in every place where the person was recognised."""
        if isinstance(value, str):
            return self._of_text(value, instead)
        if isinstance(value, list):
            return [self.taken_out(item, instead) for item in value]
        if isinstance(value, dict):
            return {key: self.taken_out(item, instead) for key, item in value.items()}
        return value

    def _of_text(self, text: str, instead: str) -> str:
        if text.strip().casefold() in self.whole:
            return instead
        for pattern in self.within:
            text = re.sub(rf"(?<!\w){pattern}(?!\w)", lambda _found: instead, text, flags=re.IGNORECASE)
        return text
