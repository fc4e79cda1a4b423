"""Mailing notifications."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app

from portal.notifications.mails import address_of, mail_to_person
from portal.notifications.models import Notification
from portal.notifications.selectors import line_of, wanting_mail
from portal.registry import announced
from portal.tasks.retry import MAIL_RETRY


@app.task(name="notifications.mail_send", retry=MAIL_RETRY)
def mail_send(*, notification_id: int) -> None:
    """Mail one notification, unless that was done, or its receiver left or changed their mind meanwhile.

    There is one job a notification, and one worker a job. No row is locked while the mail server is waited for. A mail
    can go out twice only when the worker is killed right after the server took it, and none is lost.
    """
    waiting = Notification.objects.select_related("person").filter(mailed_at__isnull=True, person__is_active=True)
    notification = waiting.filter(pk=notification_id).first()
    if notification is None:
        return
    kind, person = announced.notification_kinds.get(notification.kind), notification.person
    if kind is None or not wanting_mail([person.pk], kind=kind):
        return
    with override(person.language):
        sentence = str(line_of(notification).sentence)
    inbox = reverse("notifications:inbox")
    opened = reverse("notifications:open", args=[notification.pk]) if notification.url else inbox
    context = {
        "payload": notification.payload,
        "sentence": sentence,
        "at": notification.at,
        "link": address_of(opened),
        "preferences_link": address_of(reverse("notifications:preferences")),
    }
    mail_to_person(person, template=kind.mail, context=context).send()
    Notification.objects.filter(pk=notification.pk).update(mailed_at=timezone.now())
