"""What is refused at the socket goes into the record, as what is refused to a request does."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db import transaction

from portal.audit.origin import coming_from
from portal.audit.services import refusal_record
from portal.registry import announced

if TYPE_CHECKING:
    from portal.live.commands import Sender

LISTEN: Final = "LISTEN"
UNKNOWN: Final = "unknown"

log = logging.getLogger(__name__)


def listening_refused(sender: Sender, topic: str) -> None:
    """Record that the sender was refused `topic`, of which the record keeps the family only. Synchronous, in a thread.

    Not allowed and not there are recorded alike, for they are answered alike. That it cannot be recorded changes
    nothing for the sender.
    """
    family = topic.partition(":")[0]
    route = f"live:{family if family in announced.live_topics else UNKNOWN}"
    try:
        with coming_from(sender.origin), transaction.atomic():
            person = get_user_model().objects.filter(pk=sender.person_id, is_active=True).first()
            if person is not None:
                refusal_record(person, route=route, method=LISTEN)
    except Exception:
        log.exception("A refusal could not be recorded")
