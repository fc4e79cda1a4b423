"""What a person is told: one row a notification; mails are sent by jobs queued in the same transaction."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Notification(models.Model):
    """One line in a person's inbox. `payload` holds what the kind's sentence needs, as plain JSON."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    url = models.CharField(max_length=500, blank=True)  # path within the portal
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)  # so that a job that runs twice mails once

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="unread_notifications"),
            models.Index(fields=["person", "-at"], name="inbox"),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class Preference(models.Model):
    """A person's choice for one kind, where it differs from the kind's default."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=60)
    mailed = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "kind"], name="one_preference_per_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"
