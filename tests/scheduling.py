"""Which worker runs which tests: a file stays together, and so do all browser tests, which share one portal."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/browser/"


class Together(LoadFileScheduling):
    """xdist's `loadfile`, with one directory that counts as one file."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return BROWSER if scope.startswith(BROWSER) else scope
