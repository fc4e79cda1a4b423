"""Sets of things as the bits of integers: pure, without a database.

Each thing has a place, counted from 0 in the order of names; a set is an integer with the bits of its places.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

Chosen = Mapping[str, Sequence[str]]
"""The values chosen of each facet; a facet without any does not narrow."""


def set_of(places: Iterable[int], size: int) -> int:
    """The set of `places`, each below `size`."""
    octets = bytearray(size // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def places_in(bits: int) -> list[int]:
    """The places of a set, rising."""
    return [place for place, bit in enumerate(bin(bits)[:1:-1]) if bit == "1"]


def in_order(bits: int, order: Iterable[int]) -> list[int]:
    """The places of a set, in the given order of all places."""
    flags = bin(bits)[:1:-1]
    length = len(flags)
    return [place for place in order if place < length and flags[place] == "1"]


@dataclass(frozen=True)
class Facets:
    """The sets of one audience.

    `masks`: facet → value → set. `defaults`: for a facet of which nothing is chosen, the set that is meant then
    (everything where it is not named).
    """

    ids: Sequence[int]
    masks: Mapping[str, Mapping[str, int]]
    defaults: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[int, int] = field(init=False)
    everyone: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", {pk: place for place, pk in enumerate(self.ids)})
        object.__setattr__(self, "everyone", (1 << len(self.ids)) - 1)

    def of_ids(self, ids: Iterable[int]) -> int:
        """The set of those with these primary keys; unknown ones are left out."""
        known = (self.places.get(pk) for pk in ids)
        return set_of((place for place in known if place is not None), len(self.ids))

    def chosen_set(self, chosen: Chosen, *, within: int | None = None) -> int:
        """Those that have one of the chosen values of every facet, among `within` (a set, everyone when None)."""
        groups = self._groups(chosen).values()
        return reduce(lambda bits, group: bits & group, groups, self.everyone if within is None else within)

    def counts(self, chosen: Chosen, *, within: int | None = None) -> dict[str, dict[str, int]]:
        """How many have each value of each facet, given what is chosen of all the other facets, among `within`."""
        groups = self._groups(chosen)
        counted = {}
        for facet, values in self.masks.items():
            bits = self.everyone if within is None else within
            for other, group in groups.items():
                if other != facet:
                    bits &= group
            counted[facet] = {value: (bits & mask).bit_count() for value, mask in values.items()}
        return counted

    def _groups(self, chosen: Chosen) -> dict[str, int]:
        groups = {}
        for facet, values in self.masks.items():
            if chosen.get(facet):
                groups[facet] = reduce(or_, (values.get(value, 0) for value in chosen[facet]), 0)
            elif facet in self.defaults:
                groups[facet] = self.defaults[facet]
        return groups


class MaskBuilder:
    """Gathers the places of each value of each facet, then makes sets of them."""

    def __init__(self, facets: Iterable[str], size: int) -> None:
        self.size = size
        self._places: dict[str, dict[str, list[int]]] = {facet: {} for facet in facets}

    def add(self, facet: str, value: str, place: int) -> None:
        """The thing at `place` has `value`; an empty value is not one."""
        if value:
            self._places[facet].setdefault(value, []).append(place)

    def masks(self) -> dict[str, dict[str, int]]:
        """The sets, values in the order in which they were first met."""
        return {
            facet: {value: set_of(places, self.size) for value, places in values.items()}
            for facet, values in self._places.items()
        }
