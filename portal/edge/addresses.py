"""Whom a request comes from, as far as the wall counts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Final

from django.conf import settings

MOST_BUCKETS: Final = 20_000


def counted_address(client: Sequence[object] | None, forwarded: bytes = b"") -> str:
    """The address to count under: that of the client, or behind our proxy the one that the proxy wrote last.

    `forwarded` is the X-Forwarded-For header, believed only with BEHIND_PROXY and only from the right as many steps
    as there are proxies (PROXY_COUNT), since a client can write the rest. IPv6 counts by its network of 64 bits,
    which is what one customer gets.
    """
    found = str(client[0]) if client else ""
    if settings.BEHIND_PROXY:
        steps = [step.strip() for step in forwarded.decode("latin-1").split(",") if step.strip()]
        if len(steps) >= settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            found = steps[-settings.ALLAUTH_TRUSTED_PROXY_COUNT]
    try:
        address = ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


@dataclass
class AtOnce:
    """How many of something each address (or person) has now."""

    most: int
    now: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def one(self, key: str) -> Iterator[bool]:
        """One more of `key` while inside; False, and not counted, where that is too many."""
        if self.now[key] >= self.most:
            yield False
            return
        self.now[key] += 1
        try:
            yield True
        finally:
            self.now[key] -= 1
            if not self.now[key]:
                del self.now[key]


@dataclass
class Rate:
    """So many at once, then so many a second, for each key (a token bucket)."""

    burst: int
    per_second: float
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def allows(self, key: str) -> bool:
        """Take one; False where there is none left."""
        now = self.clock()
        left, at = self._left.get(key, (float(self.burst), now))
        left = min(float(self.burst), left + (now - at) * self.per_second)
        if len(self._left) >= MOST_BUCKETS:
            self._forget(now)
        allowed = left >= 1
        # Being refused costs nothing, or a steady flood from an address would keep everybody behind it out for ever.
        self._left[key] = (left - 1 if allowed else left, now)
        return allowed

    def _forget(self, now: float) -> None:
        """Those that are full again; where a flood of addresses leaves none of these, all."""
        kept = {
            key: (left, at)
            for key, (left, at) in self._left.items()
            if left + (now - at) * self.per_second < self.burst
        }
        self._left = kept if len(kept) < MOST_BUCKETS else {}
