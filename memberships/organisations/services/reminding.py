"""Asking once a year whether a profile is still right."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from memberships.organisations.models import Organisation
from memberships.people.selectors import administrators_of
from portal.notifications.models import Notification
from portal.notifications.services import notify

CONFIRMATION_DUE: Final = "organisation.confirmation_due"

_YEAR: Final = timedelta(days=365)
_AGAIN_AFTER: Final = timedelta(days=60)


@transaction.atomic
def confirmations_remind(*, now: datetime | None = None) -> int:
    """Tell the administrators of each organisation whose profile nobody confirmed for a year, or ever in its first one.

    Who was told is told again after two months at the earliest. Returns for how many organisations somebody was told.
    `now` is timezone-aware.
    """
    now = now or timezone.now()
    due = Organisation.objects.filter(
        Q(confirmed_at__lte=now - _YEAR) | Q(confirmed_at__isnull=True, created_at__lte=now - _YEAR)
    )
    lately = Notification.objects.filter(kind=CONFIRMATION_DUE, at__gt=now - _AGAIN_AFTER)
    told = set(lately.values_list("payload__id", flat=True))
    reminded = 0
    for organisation in due.exclude(pk__in=told).order_by("pk"):
        people = list(administrators_of(organisation))
        payload = {"id": organisation.pk, "organisation": organisation.name}
        notify(people, kind=CONFIRMATION_DUE, payload=payload, url=organisation.get_absolute_url())
        reminded += bool(people)
    return reminded
