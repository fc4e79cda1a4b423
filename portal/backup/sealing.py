"""Closing and opening age files as streams: nothing readable touches the disk on its way.

The cipher works in a thread of its own behind a pipe, since it pulls from one file and pushes into another.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import pyrage

from portal.backup.failure import BackupFailed

MAGIC: Final = b"age-encryption.org/v1\n"


def recipients_of(public_keys: Sequence[str]) -> list[Any]:
    """The keys to close for. Raises BackupFailed for one that is none, or where there is none at all."""
    if not public_keys:
        raise BackupFailed(
            "BACKUP_RECIPIENTS is not set. It must be one or more public keys (age1…), separated by commas; "
            "`manage.py backup_key FILE` makes one."
        )
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in public_keys]
    except pyrage.RecipientError as error:
        raise BackupFailed("BACKUP_RECIPIENTS names something that is not a public key of the form age1….") from error


def identity_in(file: Path) -> Any:
    """The opening key in `file`, as age-keygen or `backup_key` writes it. Raises BackupFailed."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
        keys = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
        return pyrage.x25519.Identity.from_str(keys[0])
    except (OSError, UnicodeDecodeError, IndexError, pyrage.IdentityError) as error:
        raise BackupFailed(f"{file} holds no key that could open an archive (AGE-SECRET-KEY-1…).") from error


@contextmanager
def sealed(target: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """A file to write into; what is written arrives encrypted in `target`. Raises BackupFailed."""
    with _through_a_pipe(lambda source: pyrage.encrypt_io(source, target, recipients), "rb", "wb") as pipe:
        yield pipe


@contextmanager
def opened(source: IO[bytes], identity: Any) -> Iterator[IO[bytes]]:
    """What the age file `source` holds, to be read once from its beginning to its end. Raises BackupFailed.

    A file that was changed anywhere fails at the changed place, and one that was cut fails at its end; what was read
    before is to be thrown away then.
    """
    with _through_a_pipe(lambda sink: pyrage.decrypt_io(source, sink, [identity]), "wb", "rb") as pipe:
        yield pipe


@contextmanager
def _through_a_pipe(cipher: Any, its_mode: str, our_mode: str) -> Iterator[IO[bytes]]:
    read_end, write_end = os.pipe()
    theirs, ours = (read_end, write_end) if our_mode == "wb" else (write_end, read_end)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(theirs, its_mode) as end:
                cipher(end)
        except BaseException as error:
            failures.append(error)

    worker = threading.Thread(target=work, name="cipher")
    worker.start()
    fault: BaseException | None = None
    try:
        with os.fdopen(ours, our_mode) as pipe:
            yield pipe
            if our_mode == "rb":
                while pipe.read(1 << 20):  # to its end, where a cut shows
                    pass
    except BaseException as error:
        fault = error
        raise
    finally:
        worker.join()
        # A cipher that stopped is the cause; a pipe broken by ours is not.
        cause = next((failure for failure in failures if not isinstance(failure, BrokenPipeError)), None)
        if cause is not None and (fault is None or not isinstance(fault, BackupFailed)):
            raise BackupFailed(_sentence(cause)) from cause


def _sentence(cause: BaseException) -> str:
    # The cipher's own faults while reading come as OSError without a number.
    if isinstance(cause, pyrage.DecryptError) or (isinstance(cause, OSError) and cause.errno is None):
        return "The archive cannot be opened: it is damaged or cut, or the key is another one."
    return f"The archive cannot be written or read: {str(cause)[:300]}"
