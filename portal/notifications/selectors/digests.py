"""What waits for a digest, and what one holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Min, OuterRef, Subquery

from portal.notifications.mails.hours import APART, latest_slot
from portal.notifications.models import Digest, MailSettings, Notification
from portal.notifications.selectors.inbox import Line, lines_of
from portal.notifications.selectors.levels import labels_of
from portal.registry import Text

if TYPE_CHECKING:
    from portal.accounts.models import User


def mail_times_of(person_id: int) -> MailSettings:
    """When mails to a person come; a new row, not saved, where they chose nothing."""
    return MailSettings.objects.filter(person_id=person_id).first() or MailSettings(person_id=person_id)


def paces_of(person_ids: Collection[int]) -> dict[int, str]:
    """Those of the people whose mails come in digests, with their MailSettings.Pace. One query."""
    chosen = MailSettings.objects.filter(person_id__in=person_ids).exclude(pace=MailSettings.Pace.AT_ONCE)
    return dict(chosen.values_list("person_id", "pace"))


@dataclass(frozen=True)
class Due:
    """Somebody for whom something waits that should go now. `slot` in UTC; None: their mails come at once again."""

    person_id: int
    slot: datetime | None


def digests_due(now: datetime) -> list[Due]:
    """Who is to have a digest at `now`: their hour came, and something waits that was told before it. One query.

    Closed and locked accounts are left waiting.
    """
    last = Digest.objects.filter(person_id=OuterRef("person_id")).order_by("-slot").values("slot")[:1]
    waiting = (
        Notification.objects.filter(awaits_digest=True, person__is_active=True)
        .order_by("person_id")
        .values("person_id", "person__time_zone")
        .annotate(first=Min("at"), last=Subquery(last))
    )
    rows = list(waiting)
    chosen = MailSettings.objects.in_bulk([row["person_id"] for row in rows], field_name="person_id")
    due = []
    for row in rows:
        times = chosen.get(row["person_id"])
        if times is None or times.pace == MailSettings.Pace.AT_ONCE:
            due.append(Due(row["person_id"], None))
            continue
        slot = latest_slot(now, settings=times, zone=row["person__time_zone"])
        if row["first"] <= slot and (row["last"] is None or row["last"] <= slot - APART):
            due.append(Due(row["person_id"], slot))
    return due


@dataclass(frozen=True)
class Section:
    """The lines of a digest that come from one place, newest first. `label` is empty for what comes from nowhere."""

    scope: str
    label: Text
    lines: list[Line]


def sections_of(person: User, notifications: Collection[Notification]) -> list[Section]:
    """What a digest holds, by the place it comes from: the place with the newest line first, what is from nowhere last.

    Asks each family of places once. For `notifications` that the person may hear, in the active language.
    """
    newest = sorted(notifications, key=lambda one: (one.at, one.pk), reverse=True)
    order = {scope: place for place, scope in reversed(list(enumerate(one.scope for one in newest)))}
    sorted_by_place = sorted(newest, key=lambda one: (not one.scope, order[one.scope]))
    grouped = groupby(sorted_by_place, key=lambda one: one.scope)
    labels = labels_of(person, order)
    return [Section(scope, labels.get(scope, ""), lines_of(of_scope)) for scope, of_scope in grouped]
