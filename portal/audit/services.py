"""Writing the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from portal.audit.models import Entry
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User


def record(
    actor: User | None,
    *,
    verb: str,
    target: Model | None = None,
    acting_for: Model | None = None,
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Append one act to the record; call it inside the transaction of the act.

    `actor` None means the installation itself (a job, a command). `acting_for` is the organisation acted for, if
    any. `details` must be JSON and hold no secret. Raises LookupError for a verb that no app has announced.
    """
    if verb not in announced.audit_verbs:
        raise LookupError(f"the audit verb {verb!r} is not announced in any wiring.py")
    return Entry.objects.create(
        actor=actor,
        actor_name=actor.name if actor else "",
        acting_for_id=acting_for.pk if acting_for else None,
        acting_for_name=str(acting_for)[:300] if acting_for else "",
        verb=verb,
        target_type=target._meta.label_lower if target else "",
        target_id=target.pk if target else None,
        target_name=str(target)[:300] if target else "",
        details=dict(details or {}),
    )
