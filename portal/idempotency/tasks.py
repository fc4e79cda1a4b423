"""Tidying up."""

from procrastinate.contrib.django import app

from portal.idempotency.services import forget_old


@app.periodic(cron="17 * * * *")
@app.task(name="idempotency.tidy")
def tidy(timestamp: int) -> None:
    """Forget the answers of writes that nobody can be waiting for any more."""
    forget_old()
