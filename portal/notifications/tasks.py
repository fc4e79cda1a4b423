"""Mailing notifications, each by itself or in digests, and watching the keys that mails are encrypted to."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app

from portal.notifications.mails import address_of, mail_to_person
from portal.notifications.mails.digests import digest_mail
from portal.notifications.mails.hours import quiet_until
from portal.notifications.models import Digest, MailSettings, Notification
from portal.notifications.policies import is_reached, still_wanted
from portal.notifications.selectors import is_held, line_of, mail_times_of, wanting_mail
from portal.registry import announced
from portal.tasks.retry import MAIL_RETRY, Held, NotYet
from portal.ui.digits import western_digits
from portal.ui.zones import zone_named


@app.task(name="notifications.mail_send", retry=MAIL_RETRY)
def mail_send(*, notification_id: int) -> None:
    """Mail one notification, unless that was done, or its receiver left or changed their mind meanwhile.

    There is one job a notification, and one worker a job. No row is locked while the mail server is waited for. A mail
    can go out twice only when the worker is killed right after the server took it, and none is lost; the second then
    has the Message-ID of the first. Unless the kind is urgent, it waits for the end of the reader's quiet hours, is
    left to a digest where they have those by now, and is not sent any more once they have read it.
    """
    waiting = Notification.objects.select_related("person").filter(mailed_at__isnull=True, refused_at__isnull=True)
    notification = waiting.filter(pk=notification_id, awaits_digest=False, digest__isnull=True).first()
    if notification is None:
        return
    kind, person = announced.notification_kinds.get(notification.kind), notification.person
    if kind is None or not wanting_mail([person.pk], kind=kind):
        return
    if is_held(person.pk):  # asked before whether the account is open, for a locked one is not
        raise Held
    if not person.is_active or not is_reached(person.pk, notification.scope, kind=kind):
        return
    if not kind.urgent and not _is_time(notification):
        return
    zone = zone_named(person.time_zone)  # a sentence may say when something is
    with override(person.language), timezone.override(zone), western_digits(person.western_digits):
        sentence = str(line_of(notification).sentence)
    inbox = reverse("notifications:inbox")
    opened = reverse("notifications:open", args=[notification.pk]) if notification.url else inbox
    scope = notification.scope
    context = {
        "payload": notification.payload,
        "sentence": sentence,
        "at": notification.at,
        "link": address_of(opened),
        "preferences_link": address_of(reverse("notifications:preferences")),
        "level_link": address_of(reverse("notifications:level", args=[scope])) if scope else "",
    }
    identity = f"notification {notification.pk}"
    mail = mail_to_person(person, template=kind.mail, context=context, identity=identity, kind=kind.name)
    mail.send()
    outcome = {"refused_at": timezone.now(), "refused_code": mail.refused} if mail.refused else None
    Notification.objects.filter(pk=notification.pk).update(**(outcome or {"mailed_at": timezone.now()}))


def _is_time(notification: Notification) -> bool:
    """Whether a mail goes by itself and now. Raises NotYet in quiet hours."""
    from portal.notifications.services import digest_await

    if notification.read_at is not None:
        return False
    times = mail_times_of(notification.person_id)
    if times.pace != MailSettings.Pace.AT_ONCE:
        digest_await(notification)
        return False
    until = quiet_until(timezone.now(), settings=times, zone=notification.person.time_zone)
    if until is not None:
        raise NotYet(until)
    return True


@app.periodic(cron="*/5 * * * *")  # hours of all zones begin on a quarter of an hour
@app.task(name="notifications.digests_make", queueing_lock="notifications.digests_make")
def digests_make(timestamp: int) -> None:
    """Make the digests whose hour came."""
    from portal.notifications import services

    services.digests_make(timezone.now())


@app.task(name="notifications.digest_send", retry=MAIL_RETRY)
def digest_send(*, digest_id: int) -> None:
    """Mail one digest, unless that was done, with what its reader has not read and may still hear; else nothing.

    As with `mail_send` it can go out twice only when the worker is killed right after the server took it.
    """
    from portal.notifications.services import digest_close

    digest = Digest.objects.select_related("person").filter(pk=digest_id, done_at__isnull=True).first()
    if digest is None:
        return
    person = digest.person
    if is_held(person.pk):
        raise Held
    unread = digest.notifications.filter(read_at__isnull=True)
    holding = still_wanted(person, unread) if person.is_active else []
    if not holding:
        digest_close(digest)
        return
    mail = digest_mail(person, digest, holding)
    mail.send()
    digest_close(digest, holding=holding, refused=mail.refused)


@app.periodic(cron="51 3 * * *")
@app.task(name="notifications.unheard_forget")
def unheard_forget(timestamp: int) -> None:
    """Forget what people were told from places where they may hear no more."""
    from portal.notifications import services

    services.unheard_forget_all()


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
