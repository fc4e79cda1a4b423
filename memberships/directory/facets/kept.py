"""What a process keeps of the directory, for as long as the directory stays as it is.

The version is the head number of the live topic `directory`, which every service that changes an organisation, a
standing, an alliance or a listed person raises in the transaction of the change; and the day, since standings begin
and end with days. The number is read before the data: what is built can be newer than its version, never older.
"""

from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from django.utils import timezone

from portal.live.models import Topic

TOPIC = "directory"
Kept = TypeVar("Kept")

_kept: dict[str, tuple["Version", Any]] = {}
_lock = Lock()


class Version(NamedTuple):
    """What the directory was when something was built from it. `number` 0: nothing was ever published."""

    topic: int
    number: int
    today: date


def version_now() -> Version:
    """The version of the directory at this moment, in one query.

    The topic's own key belongs to it: where the row was made anew (another database, a test rolled back), numbers
    start again and must not be taken for the old ones.
    """
    topic, number = Topic.objects.filter(name=TOPIC).values_list("pk", "head").first() or (0, 0)
    return Version(topic, number, timezone.now().date())


def kept(name: str, version: Version, build: Callable[[], Kept]) -> Kept:
    """What `build` returned for `name` at `version`; built at most once at a time in a process.

    Before anything was published there is no version to go by, so nothing is kept.
    """
    if not version.number:
        return build()
    with _lock:
        known = _kept.get(name)
        if known is None or known[0] != version:
            known = (version, build())
            _kept[name] = known
        built: Kept = known[1]
        return built
