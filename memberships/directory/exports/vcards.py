"""vCard 4.0 (RFC 6350)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

LONGEST_LINE: Final = 75
"""Octets of a line without its end (RFC 6350, 3.2)."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Property:
    """One property. `components`: of a structured or listed value, each a text or a list of texts; else one text."""

    name: str
    components: Sequence[str | Sequence[str]]
    parameters: Mapping[str, str] = field(default_factory=dict)
    separator: str = ";"
    is_uri: bool = False  # an address is written as it is

    def line(self) -> str:
        """The line, not yet folded."""
        given = "".join(f";{name}={_parameter(value)}" for name, value in self.parameters.items())
        return f"{self.name}{given}:{self.separator.join(self._written(part) for part in self.components)}"

    def _written(self, part: str | Sequence[str]) -> str:
        if self.is_uri:
            return _CONTROL.sub("", str(part)).replace("\n", "")
        return escaped(part) if isinstance(part, str) else ",".join(map(escaped, part))


def text(name: str, value: str, **parameters: str) -> Iterator[Property]:
    """A property with one text; none where it is empty."""
    if value:
        yield Property(name, [value], parameters)


def uri(name: str, value: str, **parameters: str) -> Iterator[Property]:
    """A property with an address; none where it is empty."""
    if value:
        yield Property(name, [value], parameters, is_uri=True)


def card(properties: Iterable[Property]) -> str:
    """One card with its lines folded and ended by CRLF."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *(each.line() for each in properties), "END:VCARD"]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(value: str) -> str:
    """A text value or component: backslash, comma, semicolon and line end escaped (RFC 6350, 3.4)."""
    value = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def folded(line: str) -> str:
    """`line` broken into pieces of at most 75 octets, never within a character (RFC 6350, 3.2)."""
    pieces, piece, length = [], "", 0
    for char in line:
        octets = len(char.encode("utf-8", "replace"))
        if length + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, length = " ", 1
        piece += char
        length += octets
    return "\r\n".join([*pieces, piece])


def _parameter(value: str) -> str:
    # RFC 6868: what a quoted value cannot hold.
    clean = _CONTROL.sub("", value).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{clean}"' if re.search(r"[:;,]", clean) else clean
