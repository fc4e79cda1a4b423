"""Light Markdown as HTML: emphasis, code, lists, quotations and links; nothing that is fetched from anywhere.

Two locks on one door: the parser knows neither HTML nor pictures, and what it made goes through an allow-list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import unescape
from typing import Final
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from portal.search.folding import fold, query_words

# Of what a parser could do, what a message needs. Neither headings nor pictures, tables, HTML and definitions.
_BLOCKS: Final = ["blockquote", "fence", "list", "paragraph"]
_INLINE: Final = ["autolink", "backticks", "emphasis", "entity", "escape", "link", "newline", "strikethrough", "text"]
_AFTER: Final = ["balance_pairs", "emphasis", "fragments_join", "strikethrough"]

_ADDRESS: Final = re.compile(r"\bhttps?://[^\s<>\"'`|\\^{}\u2066-\u2069]{1,1000}", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]}»”’…"
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_TAGS: Final = frozenset(
    {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "small", "span", "strong", "ul"}
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": set(),
    "a": {"href"},
    "blockquote": {"dir"},
    "li": {"dir"},
    "ol": {"start"},
    "p": {"dir"},
}
_CLASSES: Final = {"span": {"class": {"mention"}}, "small": {"class": {"link-host"}}}
_BLOCK_TOKENS: Final = frozenset({"paragraph_open", "list_item_open", "blockquote_open"})


def rendered(source: str, names: Sequence[str] = ()) -> SafeString:
    """The HTML of a message; `names` are those whom it calls, marked wherever they stand after an @."""
    html = _parser().render(source, {"names": _names(names)})
    return mark_safe(_cleaned(html))  # noqa: S308 - the allow-list stands right before


def plain(source: str) -> str:
    """The text of a message without its marks, in one line."""
    made = _parser().render(source, {"names": None})
    return " ".join(unescape(nh3.clean(made, tags=set())).split())


def excerpt(source: str, query: str, *, length: int = 200) -> SafeString:
    """Some of a message around the first word that was looked for, with those words marked."""
    text, sought = plain(source), query_words(query)
    found = [match for match in re.finditer(r"\w+", text) if _is_sought(match.group(), sought)]
    start = max(0, found[0].start() - length // 3) if found else 0
    if start:
        start = text.find(" ", start) + 1 or start
    end = min(len(text), start + length)
    parts, place = (["… "] if start else []), start
    for match in found:
        if match.end() <= end:
            parts += [escape(text[place : match.start()]), "<mark>", escape(match.group()), "</mark>"]
            place = match.end()
    parts += [escape(text[place:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped or ours


def _is_sought(word: str, sought: Sequence[str]) -> bool:
    folded = fold(word)
    forms = {folded, re.sub(r"^(?:[وبكف]?ال|لل)(?=\w{3})", "", folded)}
    return any(form.startswith(one) for form in forms if form for one in sought)


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        tag_attribute_values={tag: dict(values) for tag, values in _CLASSES.items()},
        attribute_filter=_filtered,
        url_schemes=set(_SCHEMES),
        link_rel="noopener nofollow",
    )


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or _is_allowed(value) else None


def _is_allowed(address: str) -> bool:
    """Only whole addresses: a path would lead somewhere within the portal that its label may hide."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc or parts.scheme.lower() == "mailto")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False, "maxNesting": 20})
    parser.block.ruler.enableOnly(_BLOCKS)
    parser.inline.ruler.enableOnly(_INLINE)
    parser.inline.ruler2.enableOnly(_AFTER)
    parser.validateLink = _is_allowed  # type: ignore[method-assign, assignment]
    parser.core.ruler.push("direction", _give_direction)
    parser.core.ruler.push("addresses", _link_addresses)
    parser.core.ruler.push("hosts", _say_hosts)
    parser.core.ruler.push("mentions", _mark_mentions)
    return parser


def _give_direction(state: StateCore) -> None:
    """Each paragraph is written in the direction of its own language."""
    for token in state.tokens:
        if token.type in _BLOCK_TOKENS:
            token.attrSet("dir", "auto")


def _inline(state: StateCore) -> Iterator[Token]:
    return (token for token in state.tokens if token.type == "inline" and token.children)


def _link_addresses(state: StateCore) -> None:
    """Addresses that stand in the text become links."""
    for token in _inline(state):
        made: list[Token] = []
        inside = 0
        for child in token.children or ():
            inside += child.nesting if child.type in {"link_open", "link_close"} else 0
            made += [child] if inside or child.type != "text" else _split(child, _ADDRESS, _link)
        token.children = made


def _say_hosts(state: StateCore) -> None:
    """A link whose label is not its address says where it leads."""
    for token in _inline(state):
        made: list[Token] = []
        host, label = "", ""
        for child in token.children or ():
            made.append(child)
            if child.type == "link_open":
                host, label = urlsplit(str(child.attrGet("href") or "")).hostname or "", ""
            elif child.type == "link_close" and host and host not in label.casefold():
                made += [*_wrapped("small", "link-host", host)]
            elif host:
                label += child.content
        token.children = made


def _mark_mentions(state: StateCore) -> None:
    names: re.Pattern[str] | None = state.env["names"]
    if names is None:
        return
    for token in _inline(state):
        made: list[Token] = []
        for child in token.children or ():
            made += [child] if child.type != "text" else _split(child, names, _mention)
        token.children = made


def _names(names: Sequence[str]) -> re.Pattern[str] | None:
    known = sorted({name for name in names if name}, key=len, reverse=True)
    if not known:
        return None
    return re.compile(r"(?<!\w)@(?:" + "|".join(map(re.escape, known)) + r")(?!\w)", re.IGNORECASE)


def _split(token: Token, pattern: re.Pattern[str], make: Callable[[str], list[Token]]) -> list[Token]:
    made: list[Token] = []
    place = 0
    for match in pattern.finditer(token.content):
        found = match.group()
        kept = found.rstrip(_TRAILING) if pattern is _ADDRESS else found
        if not kept or (pattern is _ADDRESS and not _is_allowed(kept)):
            continue
        made += [_text(token.content[place : match.start()]), *make(kept)]
        place = match.start() + len(kept)
    return [*made, _text(token.content[place:])] if made else [token]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(address: str) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": address})
    return [opening, _text(address), Token("link_close", "a", -1)]


def _mention(name: str) -> list[Token]:
    return _wrapped("span", "mention", name)


def _wrapped(tag: str, css: str, content: str) -> list[Token]:
    opening = Token(f"{tag}_open", tag, 1, attrs={"class": css})
    return [opening, _text(content), Token(f"{tag}_close", tag, -1)]
