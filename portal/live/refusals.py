"""What is refused at the socket goes into the record, as what is refused to a request does."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db import transaction

from portal.audit.origin import coming_from
from portal.audit.services import refusal_record
from portal.registry import announced

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.live.commands import Sender

LISTEN: Final = "LISTEN"
UNKNOWN: Final = "unknown"

log = logging.getLogger(__name__)


def socket_refused(sender: Sender, topic: str) -> None:
    """Record that the sender was refused `topic` at the socket. Synchronous, in a thread."""
    with coming_from(sender.origin):
        person = get_user_model().objects.filter(pk=sender.person_id, is_active=True).first()
        if person is not None:
            listening_refused(person, [topic])


def listening_refused(person: User, topics: Iterable[str]) -> None:
    """Record that `person` may not hear `topics`, of which the record keeps the families only.

    Not allowed and not there are recorded alike, for they are answered alike. That it cannot be recorded changes
    nothing for whoever asked.
    """
    families = {topic.partition(":")[0] for topic in topics}
    try:
        with transaction.atomic():
            for route in sorted({family if family in announced.live_topics else UNKNOWN for family in families}):
                refusal_record(person, route=f"live:{route}", method=LISTEN)
    except Exception:
        log.exception("A refusal could not be recorded")
