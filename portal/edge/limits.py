"""The figures of the wall, in one place (ASVS 5.0, 13.1.2: limits and time-outs are written down).

Addresses are shared: a conference of 300 people may stand behind one. What counts per address is therefore generous,
and what protects an account (wrong passwords) is the sign-in's own affair.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from django.conf import settings
from django.urls import Resolver404, resolve

from portal.access.guards import policy_of
from portal.registry import announced

# Bodies, in bytes.
NOWHERE: Final = 16_000
"""To addresses that do not exist, and in methods that are not taken."""
STRANGERS: Final = 64_000
"""Without a session: signing in, resetting, accepting an invitation. The largest form of these takes 4 kB."""

# Heads.
HEAD_BYTES: Final = 32_000
HEAD_LINES: Final = 100
HEAD_SECONDS: Final = 15.0
"""From the first byte of a request, or from the connection, to the end of its headers."""

# Time for bodies: a request may be slow for a while, never for long.
BODY_GRACE_SECONDS: Final = 10.0
BODY_BYTES_A_SECOND: Final = 1_000
"""After the grace. A mobile network of the nineties manages 5,000."""
BODY_SECONDS: Final = 300.0
LARGE_BODY_SECONDS: Final = 3_600.0
"""For pages that take files: 50 MB over a line of 100 kbit/s."""
ANSWER_SECONDS: Final = 120
IDLE_SECONDS: Final = 60
"""How long a connection stays open between two requests."""

# Numbers at once, per process.
UNFINISHED_PER_ADDRESS: Final = 200
"""Connections whose request has not arrived completely."""
REQUESTS_PER_ADDRESS: Final = 100
SOCKETS_PER_ADDRESS: Final = 1_000
SOCKETS_PER_PERSON: Final = 30

# Rates: so many at once, then so many a second.
HANDSHAKES_BURST: Final = 300
HANDSHAKES_A_SECOND: Final = 20.0
GUESSES_BURST: Final = 100
GUESSES_A_SECOND: Final = 1.0
"""Posts to pages that are open to everybody: each may cost a password's hash."""
GUESSES_AT_ONCE: Final = max(2, (os.cpu_count() or 2) // 2)
"""Of all addresses together, so that hashing passwords leaves processors to those who read."""
GUESSES_WAITING: Final = 40
GUESSES_WAITING_PER_ADDRESS: Final = 12
"""So that one who floods does not stand in line before everybody else."""
GUESS_PATIENCE_SECONDS: Final = 8.0

FRAME_BYTES: Final = 1_048_576
METHODS: Final = frozenset({"GET", "HEAD", "POST"})
"""No page takes any other (ASVS 5.0, 4.1.4)."""


@dataclass(frozen=True)
class Allowance:
    """What one request may bring. `guess`: an open page is posted to. `files`: one that takes files."""

    body: int  # bytes
    guess: bool = False
    files: bool = False

    @property
    def seconds(self) -> float:
        """How long the body may take."""
        return LARGE_BODY_SECONDS if self.files else BODY_SECONDS


def allowance(method: str, path: str, *, session: bool) -> Allowance:
    """What a request may bring, by its address and by whether it says it has a session (nobody has looked yet).

    `path` is as sent, percent-encoded or not.
    """
    if method not in METHODS:
        return Allowance(NOWHERE)
    if method != "POST" and not session:
        return Allowance(NOWHERE)  # nothing reads it
    try:
        match = resolve(unquote(path, errors="replace"))
    except Resolver404:
        return Allowance(NOWHERE)
    guess = method == "POST" and policy_of(match.func) == "public"
    if not session:
        return Allowance(STRANGERS, guess)
    large = announced.large_bodies.get(match.view_name)
    if large is not None:
        return Allowance(large.most_bytes, guess, files=True)
    return Allowance(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, guess)


def says_it_has_a_session(cookies: bytes) -> bool:
    """Whether the Cookie header names a session. Anybody can write one; it only opens the larger limits."""
    return f"{settings.SESSION_COOKIE_NAME}=".encode() in cookies


def due_bytes(seconds: float) -> float:
    """How much of a body must have come after `seconds`."""
    return max(0.0, seconds - BODY_GRACE_SECONDS) * BODY_BYTES_A_SECOND
