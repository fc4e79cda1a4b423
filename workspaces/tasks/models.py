"""What somebody in a group is to do."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

LONGEST_TITLE: Final = 200


class Task(models.Model):
    """One thing to do, in one group: by whom and for which organisation, until which day, and what became of it.

    Who has it is a participant of the group. Whoever loses their place there loses the task with it, at once: until the
    job has noted that, `selectors.listing` finds out, so nobody has to tidy for it to be seen.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a task", "Open")
        DONE = "done", pgettext_lazy("a task", "Done")
        DROPPED = "dropped", pgettext_lazy("a task", "Dropped")

    class Reminded(models.IntegerChoices):
        """How far whoever has it was reminded of the present due date."""

        NOT_YET = 0
        THE_DAY_BEFORE = 1
        ON_THE_DAY = 2

    workspace = models.ForeignKey("groups.Workspace", models.CASCADE, related_name="tasks")
    number = models.PositiveIntegerField()  # within the group
    title = models.CharField(_("what is to be done"), max_length=LONGEST_TITLE)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # Where it came from, as an address below the group's page ("chat/7/#message-12"), or empty.
    source = models.CharField(max_length=200, blank=True, editable=False)

    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    assignee_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Who had it and lost their place in the group, until somebody else has it.
    freed_from = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reminded = models.PositiveSmallIntegerField(default=Reminded.NOT_YET, editable=False)

    state = models.CharField(max_length=7, choices=State, default=State.OPEN, editable=False)
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_for = models.ForeignKey(
        "organisations.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)  # rises with each saved change of what it says

    class Meta:
        ordering = ("workspace", "number")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["workspace", "number"], name="a_task_has_its_number"),
            models.CheckConstraint(condition=~Q(title=""), name="a_task_says_what"),
            models.CheckConstraint(
                condition=Q(assignee__isnull=True) | Q(freed_from__isnull=True), name="a_freed_task_is_nobodys"
            ),
        )
        indexes = (
            models.Index(fields=["workspace", "due_on"], condition=Q(state="open"), name="open_tasks_by_due_date"),
            models.Index(fields=["assignee", "due_on"], condition=Q(state="open"), name="open_tasks_of_somebody"),
        )

    def __str__(self) -> str:
        return f"#{self.number} in {self.workspace_id}"  # never the title: logs keep this text

    def get_absolute_url(self) -> str:
        return reverse("group_tasks:task", args=[self.workspace.slug, self.number])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_foreign(self) -> bool:
        """Whether its words are in another language than the page."""
        return self.language != get_language()

    @property
    def source_url(self) -> str:
        """The address of what it was made from, or an empty text."""
        return self.workspace.get_absolute_url() + self.source if self.source else ""
