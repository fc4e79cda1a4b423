"""Where an act came from, so coarsely that it cannot lead to anybody.

What the Secretariat asks of the record is "was this the same place and the same kind of device as ever, or somebody
else's?". For that two things are kept, and nothing more:

* the network: the first 16 bits of an IPv4 address, the first 32 of an IPv6 address. That is the size of a provider's
  region or of a whole provider, some 65,000 lines and more; neither a line, a household nor an office can be found by
  it, nor the provider be asked whose it was. Never the address, never a place looked up from it.
* the family of the device, one of a few browsers on one of a few systems, without any version: shared by millions.

Even that is not kept with the act: it lies apart, is read by the Secretariat alone, and is gone after 90 days
(`Circumstance`, `portal.audit.tasks`). Of jobs and commands nothing is kept, for they come from nowhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

# The order matters: most browsers also name those they descend from.
_BROWSERS: Final = (
    ("Edge", "Edg"), ("Opera", "OPR/"), ("Samsung Internet", "SamsungBrowser"), ("Firefox", "Firefox/"),
    ("Firefox", "FxiOS/"), ("Chrome", "CriOS/"), ("Chrome", "Chromium/"), ("Chrome", "Chrome/"), ("Safari", "Safari/"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("ChromeOS", "CrOS"),
    ("macOS", "Mac OS X"), ("Linux", "Linux"),
)  # fmt: skip
_BITS: Final = {4: 16, 6: 32}


@dataclass(frozen=True)
class Origin:
    """`network` as "203.0.0.0/16" or "" where it is not known; `device` as "Firefox, Android" or ""."""

    network: str
    device: str

    @property
    def text(self) -> str:
        """As it is kept."""
        return f"{self.network}\n{self.device}"

    @classmethod
    def of_text(cls, text: str) -> Origin:
        """What `text` gave."""
        network, _, device = text.partition("\n")
        return cls(network, device)


_current: ContextVar[Origin | None] = ContextVar("portal.audit.origin", default=None)


def current() -> Origin | None:
    """Where the act at hand comes from; None for jobs and commands."""
    return _current.get()


@contextmanager
def coming_from(origin: Origin | None) -> Iterator[None]:
    """What is recorded inside comes from there."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


def origin_of(request: HttpRequest) -> Origin:
    """Where a request comes from."""
    return Origin(coarse_network(_address(request)), device_family(request.headers.get("User-Agent", "")))


def coarse_network(address: str) -> str:
    """The network of an address, "" for what is none."""
    try:
        read = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    return str(ipaddress.ip_network((read, _BITS[read.version]), strict=False))


def device_family(user_agent: str) -> str:
    """Browser and system, without versions; "" for what is neither. Names of products, the same in every language."""
    browser = next((name for name, mark in _BROWSERS if mark in user_agent), "")
    system = next((name for name, mark in _SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, [browser, system]))


def _address(request: HttpRequest) -> str:
    """The client's address: the one that the outermost of our own proxies saw, or the connection's own."""
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and forwarded:
        return forwarded[-min(proxies, len(forwarded))]
    return str(request.META.get("REMOTE_ADDR") or "")
