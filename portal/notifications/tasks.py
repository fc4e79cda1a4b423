"""Mailing notifications, and watching the keys that mails are encrypted to."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app

from portal.notifications.mails import address_of, mail_to_person
from portal.notifications.models import Notification
from portal.notifications.policies import is_reached
from portal.notifications.selectors import is_held, line_of, wanting_mail
from portal.registry import announced
from portal.tasks.retry import MAIL_RETRY, Held


@app.task(name="notifications.mail_send", retry=MAIL_RETRY)
def mail_send(*, notification_id: int) -> None:
    """Mail one notification, unless that was done, or its receiver left or changed their mind meanwhile.

    There is one job a notification, and one worker a job. No row is locked while the mail server is waited for. A mail
    can go out twice only when the worker is killed right after the server took it, and none is lost; the second then
    has the Message-ID of the first.
    """
    waiting = Notification.objects.select_related("person").filter(mailed_at__isnull=True, refused_at__isnull=True)
    notification = waiting.filter(pk=notification_id).first()
    if notification is None:
        return
    kind, person = announced.notification_kinds.get(notification.kind), notification.person
    if kind is None or not wanting_mail([person.pk], kind=kind):
        return
    if is_held(person.pk):  # asked before whether the account is open, for a locked one is not
        raise Held
    if not person.is_active or not is_reached(person.pk, notification.scope, kind=kind):
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
    identity = f"notification {notification.pk}"
    mail = mail_to_person(person, template=kind.mail, context=context, identity=identity, kind=kind.name)
    mail.send()
    outcome = {"refused_at": timezone.now(), "refused_code": mail.refused} if mail.refused else None
    Notification.objects.filter(pk=notification.pk).update(**(outcome or {"mailed_at": timezone.now()}))


@app.task(name="notifications.key_tell")
def key_tell(*, person_id: int) -> None:
    """Tell a person that their key can no longer be used."""
    from portal.notifications.services import mail_key_tell  # the services queue the task above

    mail_key_tell(person_id)


@app.periodic(cron="29 5 * * *")
@app.task(name="notifications.keys_watch")
def keys_watch(timestamp: int) -> None:
    """Tell those whose key ends soon or has ended."""
    from portal.notifications.services import mail_key_expiry_tell

    mail_key_expiry_tell()
