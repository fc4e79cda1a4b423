"""The record's own jobs: noting its head outside the database, forgetting where acts came from."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from portal.audit import anchor
from portal.audit.services import origins_forget

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="audit.anchor", queueing_lock="audit.anchor")
def note_head(timestamp: int) -> None:
    """Note the head of the chain in the anchor. A record that does not fit it is a matter for people, at once."""
    try:
        anchor.append(settings.AUDIT_ANCHOR)
    except anchor.AnchorBroken:
        log.critical("The record does not fit its anchor; run: manage.py audit_verify", exc_info=True)
        raise


@app.periodic(cron="17 3 * * *")
@app.task(name="audit.forget_origins", queueing_lock="audit.forget_origins")
def forget_origins(timestamp: int) -> None:
    """Where acts came from is known for 90 days."""
    origins_forget()
