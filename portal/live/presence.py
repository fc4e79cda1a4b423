"""Who is online, of those who let it be seen: keys in the cache that fade by themselves, no database write.

Where the cache is gone nobody is seen, and nothing else fails for it.
"""

import logging
from collections.abc import Iterable

from django.core.cache import cache

LIFE_SECONDS = 30  # more than two times PRESENCE_SECONDS: a killed process leaves no ghost behind for longer
GRACE_SECONDS = 5

log = logging.getLogger(__name__)


def _key(person_id: int) -> str:
    return f"presence:{person_id}"


def mark(person_ids: Iterable[int], seconds: int = LIFE_SECONDS) -> None:
    """Say that these people are here now, and, if nobody says it again, for so many seconds."""
    try:
        cache.set_many({_key(person_id): True for person_id in person_ids}, seconds)
    except Exception as error:
        log.warning("The cache does not answer; who is here is not known: %r", error)


def clear(person_id: int) -> None:
    """Say that a person has gone."""
    try:
        cache.delete(_key(person_id))
    except Exception as error:
        log.warning("The cache does not answer; who is here is not known: %r", error)


def present(person_ids: Iterable[int]) -> set[int]:
    """Those of the people who are seen online now. Asks nothing about who may see them: pass visible ones."""
    keys = {_key(person_id): person_id for person_id in person_ids}
    try:
        return {keys[key] for key in cache.get_many(keys)}
    except Exception as error:
        log.warning("The cache does not answer; who is here is not known: %r", error)
        return set()
