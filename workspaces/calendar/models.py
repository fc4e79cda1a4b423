"""When a group meets: one meeting, and the trace of what became of it."""

import uuid
from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LONGEST_TITLE: Final = 200


class Meeting(models.Model):
    """One meeting of a group.

    Begin and end are moments; `zone` is the time zone in which they were planned, so that whoever changes them finds
    the times that were typed. `uid` and `sequence` are those of its iCalendar file (RFC 5545): the first never changes,
    the second rises with each change that other calendars must learn of.
    """

    workspace = models.ForeignKey("groups.Workspace", models.CASCADE, related_name="meetings")
    number = models.PositiveIntegerField()  # within the group
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    agenda = models.TextField(_("agenda"), max_length=8000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(_("time zone"), max_length=64)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages spoken"), default=list, blank=True)

    convened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    convened_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # rises with each saved change of what it says

    # When participants were last told when it is; a reminder that would only say the same again is left out.
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    # The begin of which participants were reminded: of another one they are reminded anew.
    reminded_a_day_before = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_an_hour_before = models.DateTimeField(null=True, blank=True, editable=False)

    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    cancelled_because = models.CharField(_("reason"), max_length=500, blank=True)

    minutes = models.TextField(_("minutes"), max_length=40000, blank=True)
    minutes_language = models.CharField(_("language"), max_length=5, blank=True)
    minutes_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    minutes_at = models.DateTimeField(null=True, blank=True, editable=False)
    minutes_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("workspace", "number")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["workspace", "number"], name="a_meeting_has_its_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_because=""), name="a_cancelled_meeting_says_why"
            ),
        )
        indexes = (
            models.Index(fields=["workspace", "starts_at"], name="meetings_of_a_group"),
            models.Index(fields=["starts_at"], condition=Q(cancelled_at__isnull=True), name="meetings_that_come"),
        )

    def __str__(self) -> str:
        return f"#{self.number} in {self.workspace_id}"  # never the title: logs keep this text

    def get_absolute_url(self) -> str:
        return reverse("group_calendar:meeting", args=[self.workspace.slug, self.number])

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_foreign(self) -> bool:
        """Whether its words are in another language than the page."""
        return self.language != get_language()

    @property
    def minutes_are_foreign(self) -> bool:
        """The same of its minutes."""
        return self.minutes_language != get_language()


class MeetingChange(models.Model):
    """Who did what to a meeting, and when; of one that was moved, when it was to begin before."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CHANGED = "changed", _("Changed")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        MINUTES = "minutes", _("Minutes written")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=9, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_for = models.ForeignKey("organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+")
    began_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.meeting_id}"
