"""Writing the record."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from portal.audit import exports, origin
from portal.audit.chain import FORGOTTEN, ORIGIN_KEPT, circumstance_hash
from portal.audit.models import Circumstance, Entry
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST_REASON: Final = 500
REFUSED: Final = "access.refused"
REFUSED_AGAIN_AFTER: Final = timedelta(minutes=10)
"""The same person's next refusal at the same route is an entry of its own only after so long."""
REFUSED_AT_MOST: Final = 30
"""So many entries one person's refusals make in an hour, at whatever routes."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "LISTEN"})
"""Those of HTTP, and listening to a live topic. Others are not repeated in the record."""

log = logging.getLogger(__name__)


def record(
    actor: User | None,
    *,
    verb: str,
    target: Model | None = None,
    acting_for: Model | None = None,
    details: Mapping[str, Any] | None = None,
    why: str = "",
) -> Entry:
    """Append one act to the record; call it inside the transaction of the act.

    `actor` None means the installation itself (a job, a command). `acting_for` is the organisation acted for, if any.
    `details` must be JSON and hold codes, numbers and dates only: no secret, and nothing personal that somebody typed,
    for it is kept for good. `why` is the reason in somebody's own words; it lies apart and can be forgotten.

    Of a target its name is kept only where its kind was announced so, as a `RecordedThing`; people's never is. Where a
    request is being answered, where it comes from is noted too (`portal.audit.origin`). Raises LookupError for a verb
    that no app has announced.
    """
    if verb not in announced.audit_verbs:
        raise LookupError(f"the audit verb {verb!r} is not announced in any wiring.py")
    kept = _circumstances(why)
    hashes = {str(kind): circumstance_hash(salt, content) for kind, (salt, content) in kept.items()}
    with transaction.atomic(savepoint=False):
        entry = Entry.objects.create(
            actor=actor,
            acting_for_id=acting_for.pk if acting_for is not None else None,
            acting_for_name=str(acting_for)[:300] if acting_for is not None else "",
            verb=verb,
            target_type=target._meta.label_lower if target is not None else "",
            target_id=target.pk if target is not None else None,
            target_name=_name(target),
            details=dict(details or {}),
            origin_hash=hashes.get(Circumstance.Kind.ORIGIN, ""),
            why_hash=hashes.get(Circumstance.Kind.WHY, ""),
        )
        Circumstance.objects.bulk_create(
            Circumstance(entry=entry, kind=kind, salt=salt, content=content) for kind, (salt, content) in kept.items()
        )
    return entry


def _name(target: Model | None) -> str:
    """The name of a target as it is kept, "" for kinds whose names are not."""
    kind = announced.recorded_things.get(target._meta.label_lower) if target is not None else None
    return str(target)[:300] if kind is not None and kind.named else ""


def _circumstances(why: str) -> dict[Circumstance.Kind, tuple[str, str]]:
    """By kind, a new salt and the content."""
    came_from, reason = origin.current(), str(why).strip()[:LONGEST_REASON].replace("\x00", "")
    contents = {
        Circumstance.Kind.ORIGIN: came_from.text if came_from is not None else "",
        Circumstance.Kind.WHY: reason,
    }
    return {kind: (secrets.token_hex(16), content) for kind, content in contents.items() if content.strip()}


@transaction.atomic
def circumstances_forget(actor: User | None, *, person: User) -> int:
    """Forget where the acts of `person` came from and why things were done by or to them; returns how many of these.

    Part of erasing somebody. That it was done is in the record, which is not touched otherwise: it holds no name.
    """
    theirs = Q(entry__actor_id=person.pk) | Q(
        entry__target_type=get_user_model()._meta.label_lower, entry__target_id=person.pk
    )
    found = Circumstance.objects.filter(theirs)
    entries = sorted(set(found.values_list("entry_id", flat=True)))
    if not entries:
        return 0
    with origin.coming_from(None):  # or something of theirs would be kept anew
        record(actor, verb=FORGOTTEN, target=person, details={"entries": entries})
    deleted, _models = Circumstance.objects.filter(entry_id__in=entries).filter(theirs).delete()
    return deleted


def origins_forget(*, now: datetime | None = None) -> int:
    """Forget where acts came from that are older than 90 days; returns how many. The reasons are kept.

    The database refuses it for younger ones.
    """
    before = (now or timezone.now()) - ORIGIN_KEPT
    deleted, _models = Circumstance.objects.filter(kind=Circumstance.Kind.ORIGIN, entry__at__lt=before).delete()
    return deleted


def refusal_record(person: User, *, route: str, method: str) -> Entry | None:
    """Note that `person` was refused at the route of that name; None where enough of it is in the record already.

    Call it when the refused transaction is over, or the entry goes with it. Neither the address nor what was sent is
    kept. How often it was refused without an entry since is told by the next one, as far as the cache remembers.
    """
    method = method if method in METHODS else "other"
    now = timezone.now()
    theirs = Entry.objects.filter(actor_id=person.pk, verb=REFUSED, at__gte=now - timedelta(hours=1))
    recent = list(theirs.values_list("at", "details")[: REFUSED_AT_MOST + 1])
    unsaid = f"audit.refused:{person.pk}:{route}:{method}"
    same = {"route": route, "method": method}.items()
    again = any(at > now - REFUSED_AGAIN_AFTER and same <= details.items() for at, details in recent)
    if again or len(recent) >= REFUSED_AT_MOST:
        _count(unsaid)
        return None
    details: dict[str, Any] = {"route": route, "method": method}
    if unrecorded := _counted(unsaid):
        details["unrecorded_before"] = unrecorded
    return record(person, verb=REFUSED, details=details)


def _count(key: str) -> None:
    try:
        cache.add(key, 0, 24 * 3600)
        cache.incr(key)
    except Exception:  # without a cache the refusals are still limited, only not counted
        log.warning("The cache does not answer; refusals are not counted", exc_info=True)


def _counted(key: str) -> int:
    try:
        counted = int(cache.get(key) or 0)
        cache.delete(key)
    except Exception:
        return 0
    return counted


@transaction.atomic
def record_export(
    actor: User, *, entries: QuerySet[Entry], form: str, filters: Mapping[str, str]
) -> exports.RecordFile:
    """Make the file of `entries` as `form` ("csv" or "xlsx"), and record who took how many, and by which filters.

    `filters` maps the names of those in use to what was chosen; of words that were typed it says only that there were
    some. Raises exports.TooMany.
    """
    file, count = exports.make(entries, form)
    record(actor, verb="record.exported", details={"format": form, "count": count, "filters": dict(filters)})
    return file
