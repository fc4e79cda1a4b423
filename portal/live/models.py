"""Numbered events of live topics: what must survive a lost connection is a row, the socket only carries the hint."""

from django.db import models
from django.utils import timezone


class Topic(models.Model):
    """The head number of one live topic; its row is locked while an event is numbered."""

    name = models.CharField(max_length=100, unique=True)
    head = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One event. `number` rises by one within its topic, without gaps."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="events")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["topic", "number"], name="one_event_per_number"),)

    def __str__(self) -> str:
        return f"{self.topic_id}#{self.number} {self.kind}"
