"""The record of acts. Written by services in the transaction of the act, never changed afterwards."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """One act: who, acting for whom, did what to what, and when.

    `acting_for` and the target are kept as identifiers with their names of that moment and without foreign keys:
    the floor knows no organisation, and the record outlives what it speaks of.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)
    acting_for_id = models.BigIntegerField(null=True)
    acting_for_name = models.CharField(max_length=300, blank=True)
    verb = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60, blank=True)  # "app_label.model"
    target_id = models.BigIntegerField(null=True)
    target_name = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["target_type", "target_id", "-at"], name="audit_by_target"),
            models.Index(fields=["acting_for_id", "-at"], name="audit_by_acting_for"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_name}"
