"""Where stored bytes meet their rows.

The bytes are written first, under a random name, and the row in the caller's transaction: only what has a row is
served, so a transaction that is rolled back leaves nothing but bytes that nobody can reach. The nightly job removes
those. In the other direction the bytes go after the row is gone for certain. Where writing fails (a full disk, a
storage that does not answer) nothing half is left and the person is told.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files.models import StoredFile
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User

# Younger bytes may belong to a transaction that has not ended.
_ORPHAN_AGE: Final = timedelta(days=1)
_BATCH: Final = 500

log = logging.getLogger(__name__)


def store(
    actor: User | None,
    *,
    kind: str,
    content: bytes | File[bytes],
    name: str,
    media_type: str,
    width: int | None = None,
    height: int | None = None,
) -> StoredFile:
    """Keep `content` as a file of an announced `kind`; call it inside the transaction of what uses the file.

    A file is read in pieces and never held whole; the one that an upload came in may be moved away by it.

    `media_type` is what the content was found to be, never what a client said; `width` and `height` are pixels.
    Raises LookupError for a kind that no app has announced, ValidationError where it could not be written.
    """
    if kind not in announced.file_kinds:
        raise LookupError(f"the kind of file {kind!r} is not announced in any wiring.py")
    file = ContentFile(content) if isinstance(content, bytes) else content
    size, digest = _measured(file)
    stored = StoredFile(
        kind=kind,
        name=name,
        media_type=media_type,
        size=size,
        sha256=digest,
        width=width,
        height=height,
        created_by=actor,
    )
    _write(stored, file)
    stored.save(force_insert=True)
    return stored


def _measured(file: File[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    file.seek(0)
    for piece in file.chunks():
        size += len(piece)
        digest.update(piece)
    file.seek(0)
    return size, digest.hexdigest()


def _write(stored: StoredFile, file: File[bytes]) -> None:
    """All of it is on the disk (or in the bucket) when this returns; nothing is where it raises ValidationError."""
    storage, path = stored.content.storage, stored.content.field.generate_filename(stored, stored.name)
    try:
        stored.content.save(stored.name, file, save=False)
    except Exception as error:  # each storage has errors of its own
        log.exception("A file could not be stored")
        with suppress(Exception):
            storage.delete(path)
        raise ValidationError(
            _("The file could not be stored, and nothing of it was kept: the portal's storage is full or does not "
              "answer. Try again later; if it happens again, tell the Secretariat."),
            code="storage",
        ) from error  # fmt: skip


def file_rename(*, stored: StoredFile, name: str) -> None:
    """What a download of it is called from now on; what it holds never changes."""
    stored.name = name
    stored.save(update_fields=["name"])


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
    """Remove bytes that have had no row for a day; returns how many files that were. `now` is timezone-aware.

    What a bucket keeps of uploads that were broken off goes too, and counts with them.
    """
    before = (now or timezone.now()) - _ORPHAN_AGE
    broken_off = getattr(default_storage, "unfinished_remove", None)
    removed = broken_off(before) if broken_off else 0
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
