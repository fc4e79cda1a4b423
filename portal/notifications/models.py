"""What a person is told: one row a notification; mails are sent by jobs queued in the same transaction."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.registry import Level


class Notification(models.Model):
    """One line in a person's inbox. `payload` holds what the kind's sentence needs, as plain JSON."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    url = models.CharField(max_length=500, blank=True)  # path within the portal
    scope = models.CharField(max_length=120, blank=True, db_default="")  # where it comes from: "<family>:<key>", or ""
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)  # so that a job that runs twice mails once
    refused_at = models.DateTimeField(null=True, blank=True)  # the mail server refused its mail for good
    refused_code = models.CharField(max_length=20, blank=True, db_default="")  # how, e.g. "550 5.1.1"
    awaits_digest = models.BooleanField(default=False, db_default=False)
    digest = models.ForeignKey("Digest", models.SET_NULL, null=True, blank=True, related_name="notifications")

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="unread_notifications"),
            models.Index(fields=["person", "-at"], name="inbox"),
            models.Index(fields=["person", "scope"], condition=~models.Q(scope=""), name="notifications_from"),
            models.Index(fields=["person"], condition=models.Q(awaits_digest=True), name="awaiting_a_digest"),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class Preference(models.Model):
    """A person's choice for one kind, where it differs from the kind's default; the kind "" stands for all of them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=60)
    mailed = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "kind"], name="one_preference_per_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class ScopeLevel(models.Model):
    """How much a person chose to be told from one place, written as in `Notification.scope`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="scope_levels")
    scope = models.CharField(max_length=120)
    level = models.CharField(max_length=10)  # a portal.registry.Level

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "scope"], name="one_level_per_scope"),
            models.CheckConstraint(
                condition=models.Q(level__in=[level.value for level in Level]), name="a_level_is_one_of_three"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} of {self.person_id}"


class Digest(models.Model):
    """One mail that holds several notifications, of one person and one slot: the hour for which it was made.

    It is written in the transaction that marks what goes in, so a slot has one and a notification is in one at most.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    slot = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)  # sent, refused for good, or there was nothing left to send

    class Meta:
        ordering = ("-slot",)
        constraints = (models.UniqueConstraint(fields=["person", "slot"], name="one_digest_per_slot"),)

    def __str__(self) -> str:
        return f"#{self.pk} to {self.person_id}"


class MailSettings(models.Model):
    """How and when mails to a person come. No row: as a new one has it; `discreet` None: they did not choose.

    Hours are those of the time zone that the person has when they come.
    """

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_settings")
    discreet = models.BooleanField(null=True, blank=True)  # mails say only that something awaits
    pace = models.CharField(max_length=10, choices=Pace, default=Pace.AT_ONCE, db_default=Pace.AT_ONCE)
    digest_hour = models.PositiveSmallIntegerField(default=8, db_default=8)
    digest_weekday = models.PositiveSmallIntegerField(default=0, db_default=0)  # Monday is 0; of a weekly digest
    quiet_from = models.TimeField(null=True, blank=True)  # mails that come at once wait from here
    quiet_until = models.TimeField(null=True, blank=True)  # to here, on the next day where that is earlier

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(digest_hour__lt=24), name="a_digest_has_an_hour_of_the_day"),
            models.CheckConstraint(condition=models.Q(digest_weekday__lt=7), name="a_digest_has_a_day_of_the_week"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (
                    models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~models.Q(quiet_from=models.F("quiet_until"))
                ),
                name="quiet_hours_begin_and_end",
            ),
        )

    def __str__(self) -> str:
        return f"mail to {self.person_id}"


class MailKey(models.Model):
    """The OpenPGP key that mails to a person are encrypted to: the public half, without what encrypting does not need.

    It stays when it expires or is revoked: as long as it is there, nothing goes out in clear.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_key")
    certificate = models.TextField()  # armored
    fingerprint = models.CharField(max_length=64)  # hexadecimal, capital letters
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)  # the owner was told that it can no longer be used
    warned_at = models.DateTimeField(null=True, blank=True)  # the owner was told that it expires soon

    def __str__(self) -> str:
        return self.fingerprint

    @property
    def fingerprint_groups(self) -> str:
        """The fingerprint as people compare it: groups of four."""
        return " ".join(self.fingerprint[at : at + 4] for at in range(0, len(self.fingerprint), 4))

    @property
    def is_over(self) -> bool:
        """Whether it is known to be revoked or expired at this moment."""
        return self.revoked or (self.expires_at is not None and self.expires_at <= timezone.now())


class ReturnedMail(models.Model):
    """An address that the mail server refused for good, until a mail to it is taken again."""

    email = models.EmailField(unique=True)  # in lower case
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="returned_mails"
    )  # None: the address of an invitation
    code = models.CharField(max_length=20)  # "550 5.1.1"; never the server's words
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"#{self.pk} {self.code}"
