"""Where stored bytes meet their rows.

The bytes are written first, under a random name, and the row in the caller's transaction: only what has a row is
served, so a transaction that is rolled back leaves nothing but bytes that nobody can reach. The nightly job removes
those. In the other direction the bytes go after the row is gone for certain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone

from portal.files.models import StoredFile
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User

# Younger bytes may belong to a transaction that has not ended.
_ORPHAN_AGE: Final = timedelta(days=1)
_BATCH: Final = 500


def store(
    actor: User | None,
    *,
    kind: str,
    content: bytes,
    name: str,
    media_type: str,
    width: int | None = None,
    height: int | None = None,
) -> StoredFile:
    """Keep `content` as a file of an announced `kind`; call it inside the transaction of what uses the file.

    `media_type` is what the content was found to be, never what a client said; `width` and `height` are pixels.
    Raises LookupError for a kind that no app has announced.
    """
    if kind not in announced.file_kinds:
        raise LookupError(f"the kind of file {kind!r} is not announced in any wiring.py")
    stored = StoredFile(
        kind=kind,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
        created_by=actor,
    )
    stored.content.save(name, ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def file_remove(*, stored: StoredFile) -> None:
    """Forget a file: its row in the caller's transaction, its bytes once that is committed."""
    storage, path = stored.content.storage, stored.content.name or ""
    stored.delete()
    # robust: the row is gone and with it the file; bytes that could not be removed are left to the nightly job.
    transaction.on_commit(partial(storage.delete, path), robust=True)


def files_of_person_remove(person: User) -> None:
    """Forget the files that are `person`'s alone: those of kinds announced as personal."""
    own = [kind.name for kind in announced.file_kinds if kind.personal]
    for stored in StoredFile.objects.filter(created_by_id=person.pk, kind__in=own):
        file_remove(stored=stored)


def orphans_remove(*, now: datetime | None = None) -> int:
    """Remove bytes that have had no row for a day; returns how many files that were. `now` is timezone-aware."""
    before = (now or timezone.now()) - _ORPHAN_AGE
    removed = 0
    paths: list[str] = []
    for kind in announced.file_kinds:
        for path in _paths(default_storage, kind.name):
            paths.append(path)
            if len(paths) == _BATCH:
                removed += _remove(paths, before)
                paths = []
    return removed + _remove(paths, before)


def _paths(storage: Storage, directory: str) -> Iterator[str]:
    try:
        directories, files = storage.listdir(directory)
    except FileNotFoundError:
        return
    yield from (f"{directory}/{name}" for name in files)
    for name in directories:
        yield from _paths(storage, f"{directory}/{name}")


def _remove(paths: list[str], before: datetime) -> int:
    known = set(StoredFile.objects.filter(content__in=paths).values_list("content", flat=True))
    removed = 0
    for path in paths:
        with suppress(FileNotFoundError):
            if path not in known and default_storage.get_modified_time(path) < before:
                default_storage.delete(path)
                removed += 1
    return removed
