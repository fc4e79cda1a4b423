"""Imports of organisations: the uploaded table, what it would change, and the report that stays."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One uploaded table. Nothing is written to the network until it is confirmed, and then all of it or nothing.

    The file itself is not kept, only what was read from it.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("Waiting for your decision")
        CONFIRMED = "confirmed", _("Imported")
        DISCARDED = "discarded", _("Discarded")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    read_as = models.JSONField(default=dict)  # {"format", "separator" or "sheet" …}, told in a sentence when shown
    ignored_columns = models.JSONField(default=list)  # known, and no fact about an organisation
    unknown_columns = models.JSONField(default=list)
    # what new organisations were given; an organisations.Standing.Kind
    standing = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of an uploaded table and what it means."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        CONFLICTING = "conflicting", _("Conflicting")
        WRONG = "wrong", _("Wrong")

    class Decision(models.TextChoices):
        LEAVE_OUT = "", _("Leave it out")  # the default: nobody decided is decided so
        SAME = "same", _("The same organisation")
        ANOTHER = "another", _("Another organisation")

    run = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as a spreadsheet shows it: the header is row 1
    outcome = models.CharField(max_length=12, choices=Outcome)
    # What the row is about: found by its name, or named by the Secretariat's decision about a conflicting row.
    organisation = models.ForeignKey("organisations.Organisation", models.SET_NULL, null=True, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision, blank=True, default=Decision.LEAVE_OUT)
    values = models.JSONField(default=dict)  # field → clean value
    changes = models.JSONField(default=dict)  # field → [before, after]
    problems = models.JSONField(default=list)  # [{"field", "code", "params"}], sentences are made when shown
    written = models.BooleanField(default=False)  # whether confirming changed or created its organisation

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="one_outcome_per_row"),)

    def __str__(self) -> str:
        return f"{self.run_id} row {self.number}"
