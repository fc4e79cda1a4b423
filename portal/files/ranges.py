"""Which part of a file a request asks for (RFC 9110, 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """The part begins behind the end (416)."""


@dataclass(frozen=True)
class Part:
    """From the byte `first` to the byte `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def part_asked(header: str, size: int, *, if_range: str, etag: str) -> Part | None:
    """The one part that `Range` asks for; None where the whole is to be sent.

    That is: no range, one that cannot be read, several at once (which a server may always answer with the whole), or
    one that was meant for other content than there is now (`If-Range`; a date never matches, for none is sent). Raises
    Unsatisfiable.
    """
    found = _ONE.fullmatch(header)
    if found is None or (if_range and if_range.strip() != etag):
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Part(max(0, size - int(last)), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Part(int(first), min(int(last), size - 1) if last else size - 1)
