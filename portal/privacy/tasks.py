"""The clock's part in privacy: what is over goes each night, who asked to be erased is."""

from django.urls import reverse
from procrastinate.contrib.django import app

from portal.accounts.tokens import is_token, token_of
from portal.notifications.mails import Neutral, address_of, mail_to_person
from portal.privacy.models import ErasureRequest
from portal.tasks.retry import MAIL_RETRY


@app.periodic(cron="7 3 * * *")
@app.task(name="privacy.retention", queueing_lock="privacy.retention")
def retention(timestamp: int) -> None:
    """Each night: do to all rows that are due what their retention rules say."""
    from portal.privacy.services.retention import retention_run

    retention_run()


@app.periodic(cron="37 * * * *")
@app.task(name="privacy.erasures", queueing_lock="privacy.erasures")
def erasures(timestamp: int) -> None:
    """Each hour: erase those whose days of grace are over."""
    from portal.privacy.services.erasure import erasures_due

    erasures_due()


@app.task(name="privacy.erasure_mail", retry=MAIL_RETRY)
def erasure_mail(*, request_id: int, seed: str) -> None:
    """Mail a person the link by which they can return, unless they did, or are erased already."""
    wish = ErasureRequest.objects.select_related("person").filter(pk=request_id).first()
    token = token_of(seed)
    if wish is None or not wish.is_open or not is_token(token, wish.token_hash):
        return
    context = {"until": wish.due_at, "link": address_of(reverse("privacy:return", args=[token]))}
    # Whose mails say nothing is told that something was changed, with the link.
    template = "email/portal/privacy/erasure"
    mail_to_person(wish.person, template=template, context=context, neutral=Neutral.CHANGED).send()
