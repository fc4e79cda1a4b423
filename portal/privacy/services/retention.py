"""Carrying out what the declarations promise: rows whose time is over go, or are emptied."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from portal.audit.services import record
from portal.privacy.selectors.declared import blanks_of, due_of, is_timed, model_of
from portal.registry import Erasure, RetentionRule, announced

log = logging.getLogger(__name__)

BATCH: Final = 500


def retention_run(*, now: datetime | None = None) -> dict[str, int]:
    """Do to every row that is due at `now` (timezone-aware, default this moment) what its rule says.

    In batches of their own transactions; rows that somebody holds are left to the next night, so nobody waits for
    this. A rule that fails does not keep the others from being carried out. Returns how many rows there were by name
    of the rule, also kept in the record; -1 stands for a rule that failed.
    """
    now = now or timezone.now()
    counts: dict[str, int] = {}
    for rule in announced.retention_rules:
        if is_timed(rule) and not rule.carried_out_by:
            try:
                counts[rule.name] = _carry_out(rule, now)
            except DatabaseError:
                log.exception("Retention rule %s could not be carried out", rule.name)
                counts[rule.name] = -1
    record(None, verb="privacy.retention_run", details={"rows": counts})
    return counts


def _carry_out(rule: RetentionRule, now: datetime) -> int:
    total, last = 0, None
    while True:
        with transaction.atomic():
            rows = due_of(rule, now).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            found = list(rows.values_list("pk", flat=True)[:BATCH])
            if not found:
                return total
            total += _done(rule, found, now)
        last = found[-1]


def _done(rule: RetentionRule, found: list[Any], now: datetime) -> int:
    manager = model_of(rule)._default_manager
    # Asked again under the lock: a row that was touched a moment ago may no longer be due.
    free = due_of(rule, now).filter(pk__in=found).order_by("pk").select_for_update(skip_locked=True, of=("self",))
    pks = list(free.values_list("pk", flat=True))
    if rule.when_due == Erasure.DELETE:
        manager.filter(pk__in=pks).delete()
    else:
        manager.filter(pk__in=pks).update(**blanks_of(rule))
    return len(pks)
