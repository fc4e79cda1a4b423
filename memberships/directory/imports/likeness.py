"""Which organisations may be the same. Only a folded name that is equal counts as identity; the rest is shown.

The reasons for "may be the same" are those by which a careful reader would look twice: the same acronym in the same
country, the same website, one's name being the other's native name, and names that differ by a few letters.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

from portal.search.folding import fold

NEARLY: Final = 0.9
"""Share of letters in common from which on two names are shown as nearly the same."""
_SHORTEST: Final = 8
"""Names with fewer letters are not compared letter by letter: SMEX and SMEC are two organisations."""
# Shared hosts say nothing about who is behind a page.
_HOSTS_OF_MANY: Final = (".facebook.com", ".wordpress.com", ".blogspot.com", ".google.com", ".x.com", ".twitter.com")

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells an organisation from others, folded once."""

    name: str
    native_name: str
    acronym: str
    country: str
    host: str


def identity(values: Mapping[str, object]) -> Identity:
    """The identity of clean values by field (`name`, `native_name`, `acronym`, `country`, `website`)."""
    texts = {name: str(values.get(name) or "") for name in ("name", "native_name", "acronym", "country", "website")}
    return Identity(
        name=fold(texts["name"]),
        native_name=fold(texts["native_name"]),
        acronym=fold(texts["acronym"]).replace(" ", ""),
        country=texts["country"],
        host=_host(texts["website"]),
    )


def contradicts(one: Identity, other: Identity) -> bool:
    """Whether two organisations of the same name differ in two things that seldom change at once."""
    pairs = ((one.country, other.country), (one.acronym, other.acronym), (one.host, other.host))
    return sum(bool(a and b and a != b) for a, b in pairs) >= 2


class Likeness(Generic[Key]):
    """An index of identities, to be asked who has the same name and who may be the same."""

    def __init__(self, identities: Mapping[Key, Identity]) -> None:
        self._identities = identities
        self._by: dict[tuple[str, str], list[Key]] = defaultdict(list)
        self._by_word: dict[str, list[Key]] = defaultdict(list)
        for key, known in identities.items():
            for mark in _marks(known):
                self._by[mark].append(key)
            for word in _beginnings(known.name):
                self._by_word[word].append(key)

    def identity(self, key: Key) -> Identity:
        """The identity indexed under `key`."""
        return self._identities[key]

    def same_name(self, wanted: Identity) -> list[Key]:
        """Those whose folded name is equal."""
        return self._by.get(("name", wanted.name), [])

    def like(self, wanted: Identity) -> dict[Key, str]:
        """Those that may be the same under another name, each with the reason: acronym, website, native or name."""
        found: dict[Key, str] = {}
        for kind, text in _marks(wanted):
            for key in self._by.get((kind, text), []):
                if kind != "acronym" or _countries_agree(wanted, self._identities[key]):
                    found.setdefault(key, "name" if kind == "squeezed" else kind)
        for key in self._candidates(wanted):
            if key not in found and _nearly(wanted, self._identities[key]):
                found[key] = "name"
        same = set(self.same_name(wanted))
        return {key: why for key, why in found.items() if key not in same}

    def _candidates(self, wanted: Identity) -> set[Key]:
        """Who shares one of the two rarest words, so that a misspelt one leaves the other."""
        lists = sorted((self._by_word.get(word, []) for word in _beginnings(wanted.name)), key=len)
        return {key for keys in [keys for keys in lists if keys][:2] for key in keys}


def _marks(known: Identity) -> list[tuple[str, str]]:
    marks = {
        ("name", known.name),
        # What one file calls the name is the native name in another, so both stand on one more shelf.
        ("native", known.name),
        ("native", known.native_name),
        ("squeezed", known.name.replace(" ", "")),
        ("acronym", known.acronym),
        ("website", known.host),
    }
    return sorted((kind, text) for kind, text in marks if text)


def _beginnings(name: str) -> set[str]:
    return {word[:4] for word in name.split() if len(word) > 3} or set(name.split())


def _countries_agree(one: Identity, other: Identity) -> bool:
    return one.country == other.country or not (one.country and other.country)


def _nearly(one: Identity, other: Identity) -> bool:
    if min(len(one.name), len(other.name)) < _SHORTEST or not _countries_agree(one, other):
        return False
    letters = SequenceMatcher(None, one.name, other.name, autojunk=False)
    return letters.real_quick_ratio() >= NEARLY and letters.quick_ratio() >= NEARLY and letters.ratio() >= NEARLY


def _host(website: str) -> str:
    try:
        host = (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if f".{host}".endswith(_HOSTS_OF_MANY) else host
