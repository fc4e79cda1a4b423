"""Writing PostgreSQL's `tsvector` and `tsquery` from folded words.

Both are written as literals and cast, never parsed by a text search configuration: the words in the index are then
exactly those that `folding` made, and nothing a person types can be an operator.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from portal.registry import SearchDocument
from portal.search.folding import fold, query_words, words

LONGEST_WORD: Final = 100
"""Characters of a word that are kept; PostgreSQL refuses a lexeme of 2 kB."""
MOST_WORDS: Final = 10_000
"""Words kept of one part of a document; PostgreSQL refuses a vector of 1 MB."""
MOST_QUERY_WORDS: Final = 12
"""Words taken from what a person typed; a name has fewer."""
_LAST_POSITION: Final = 16_383
_WHOLE: Final = "="  # no folded word begins so


def vector_of(document: SearchDocument) -> str:
    """Return the literal of the vector of `document`: words of names weighted A, keywords B, body D.

    Each name is also kept in one piece, so that a thing can be found first by its exact name or acronym.
    """
    wholes = [whole(name) for name in document.names]
    places: dict[str, list[str]] = {}
    for position, (word, weight) in enumerate(_weighted(document, wholes), start=1):
        places.setdefault(word, []).append(f"{min(position, _LAST_POSITION)}{weight}")
    return " ".join(f"{_quoted(word)}:{','.join(found)}" for word, found in places.items())


def query_of(text: str, *, weight: str = "") -> str:
    """Return the literal of the query for things with all words of `text`, each as the beginning of a word.

    `weight` "A" asks for them among the names. Empty where `text` has no letter and no digit.
    """
    typed = query_words(text)[:MOST_QUERY_WORDS]
    return " & ".join(f"{_quoted(word)}:*{weight}" for word in typed)


def whole_query_of(text: str) -> str:
    """Return the literal of the query for things one of whose names is `text` from beginning to end."""
    return _quoted(whole(text))


def whole(name: str) -> str:
    """Return the form in which a name is kept in one piece."""
    return f"{_WHOLE}{fold(name)}"[:LONGEST_WORD]


def _weighted(document: SearchDocument, wholes: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((word, "A") for word in wholes if word != _WHOLE)
    yield from ((word, "A") for word in _words(document.names))
    yield from ((word, "B") for word in _words(document.keywords))
    yield from ((word, "D") for word in _words([document.body]))


def _words(texts: Iterable[str]) -> list[str]:
    found = dict.fromkeys(word for text in texts for word in words(text))
    return list(found)[:MOST_WORDS]


def _quoted(word: str) -> str:
    kept = word[:LONGEST_WORD].replace("\\", "\\\\").replace("'", "''")
    return f"'{kept}'"
