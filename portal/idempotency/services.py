"""The store of writes: taking a key, keeping the answer, giving it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Final

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.idempotency.fingerprints import fingerprint_of_command
from portal.idempotency.keys import Seal, checked, digest_of_owner
from portal.idempotency.models import Write

if TYPE_CHECKING:
    from portal.accounts.models import User

WAIT: Final = timedelta(seconds=8)  # for the same key's other request; shorter than what a proxy waits for
KEPT: Final = timedelta(hours=23)  # the hourly job makes it 24 at most
GIVEN_UP: Final = frozenset({"55P03", "40P01"})  # lock_not_available, deadlock_detected

# One round trip. The savepoint keeps the transaction usable where the wait is given up; the limit is for this wait.
CLAIM: Final = """
SAVEPOINT idempotency_claim;
SET LOCAL lock_timeout = %s;
INSERT INTO idempotency_write (owner, key, fingerprint, answer, at) VALUES (%s, %s, %s, '', %s)
    ON CONFLICT (owner, key) DO NOTHING RETURNING id;
SET LOCAL lock_timeout TO DEFAULT;
RELEASE SAVEPOINT idempotency_claim
"""


class KeyBusy(Exception):
    """The first request with this key has not ended within the time that a second one waits."""


class KeyReused(Exception):
    """The key belongs to a write with other content, which has been done."""


@dataclass(frozen=True)
class Claim:
    """A key that is taken by this transaction; to be kept with its answer, or forgotten."""

    seal: Seal
    pk: int
    fingerprint: bytes


@dataclass(frozen=True)
class Kept:
    """The answer that an earlier write with the same key and the same content got."""

    answer: bytes


def claim(seal: Seal, fingerprint: bytes) -> Claim | Kept:
    """Take the key inside the running transaction, waiting while another one holds it.

    Raises KeyBusy where that takes longer than WAIT, KeyReused where the key was used for something else.
    """
    while True:
        pk = _inserted(seal, fingerprint)
        if pk is not None:
            return Claim(seal, pk, fingerprint)
        found = Write.objects.filter(owner=seal.owner_digest, key=seal.key_digest).values_list("fingerprint", "answer")
        for known, answer in found:
            if not compare_digest(known, fingerprint):
                raise KeyReused
            return Kept(seal.open(bytes(answer)))
        # Deleted as too old between the two statements: take it after all.


def keep(claimed: Claim, answer: bytes) -> None:
    """Keep `answer` beside the effect, in the same transaction."""
    Write.objects.filter(pk=claimed.pk).update(answer=claimed.seal.close(answer))


def keep_also(owner: str, claimed: Claim, printed: Callable[[Seal], bytes], answer: bytes) -> None:
    """Keep `answer` for a second owner: who signs in or out is another afterwards, and may ask again as such."""
    seal = Seal(owner, claimed.seal.key)
    row = Write(owner=seal.owner_digest, key=seal.key_digest, fingerprint=printed(seal), answer=seal.close(answer))
    Write.objects.bulk_create([row], ignore_conflicts=True)


def forget(claimed: Claim) -> None:
    """Free the key: nothing was done with it."""
    Write.objects.filter(pk=claimed.pk).delete()


def once(
    person: User, key: str, command: str, content: Mapping[str, Any], act: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Do `act` once for this key of this person and return its answer; later, only return the answer.

    For commands of the live socket: `command` and `content` are what was sent, `key` came with them. `act` runs in one
    transaction with the key; its answer must be JSON. What `act` raises undoes everything, the key included.
    Raises UnusableKey, KeyBusy and KeyReused.
    """
    seal = Seal(f"person:{person.pk}", checked(key))
    sent = json.dumps(content, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    with transaction.atomic():
        taken = claim(seal, fingerprint_of_command(command, sent, seal))
        if isinstance(taken, Kept):
            answer: Mapping[str, Any] = json.loads(taken.answer)
            return answer
        answer = act()
        keep(taken, json.dumps(answer).encode())
        return answer


def forget_old() -> int:
    """Delete what is too old to be asked for again. Returns how many."""
    deleted, _by_model = Write.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return deleted


def writes_of(person: User) -> QuerySet[Write]:
    """The rows of a person, who is named in none of them."""
    return Write.objects.filter(owner=digest_of_owner(f"person:{person.pk}"))


def _inserted(seal: Seal, fingerprint: bytes) -> int | None:
    """The number of the new row; None where the key has one already."""
    milliseconds = int(WAIT.total_seconds() * 1000)
    values: list[Any] = [milliseconds, seal.owner_digest, seal.key_digest, fingerprint, timezone.now()]
    with connection.cursor() as cursor:
        try:
            cursor.execute(CLAIM, values)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in GIVEN_UP:
                raise
            cursor.execute("ROLLBACK TO SAVEPOINT idempotency_claim")
            raise KeyBusy from error
        while cursor.description is None and cursor.nextset():
            pass
        row = cursor.fetchone()
    return None if row is None else int(row[0])
