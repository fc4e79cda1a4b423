"""What the tasks of groups announce."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.audit import telling
from portal.registry import (
    AuditVerb,
    Card,
    DemonstrationGenerator,
    Detail,
    Erasure,
    NotificationKind,
    NotPersonal,
    RecordedThing,
    RetentionRule,
    SearchSource,
    Text,
    announced,
)
from portal.ui.formats import day
from workspaces.groups.models import Workspace
from workspaces.groups.registry import MessageAction, Section, message_actions, sections
from workspaces.tasks import policies
from workspaces.tasks.models import Task
from workspaces.tasks.selectors import announcing, finding


def _list(workspace: Workspace) -> str:
    return reverse("group_tasks:tasks", args=[workspace.slug])


sections.add(
    Section(
        name="tasks",
        label=_("Tasks"),
        icon="check",
        url=_list,
        order=40,
        news=announcing.news,
        side=announcing.side,
        side_template="workspaces/tasks/_beside.html",
        activity=announcing.activity,
    )
)
message_actions.add(
    MessageAction(
        name="task",
        label=_("Make a task"),
        icon="check",
        url=lambda workspace: reverse("group_tasks:from-message", args=[workspace.slug]),
    )
)
announced.cards.add(Card(name="group-tasks", order=30, needs=announcing.needs))
announced.search_sources.add(
    SearchSource(
        name="task",
        label=_("Tasks"),
        visible_to=policies.visible_to,
        results=finding.results,
        documents=finding.documents,
        order=45,
    )
)

announced.recorded_things.add(RecordedThing(name="group_tasks.task", label=_("Task of a group")))
FIELDS = Detail(
    name="fields",
    label=_("What of it"),
    told=telling.fields(Task, assignee=_("Who does it"), assignee_for=_("For which organisation")),
)
announced.audit_verbs.add(
    AuditVerb(name="task.created", label=_("Task made")),
    AuditVerb(name="task.updated", label=_("Task changed"), details=[FIELDS]),
    AuditVerb(name="task.assigned", label=_("Task given to somebody, or taken")),
    AuditVerb(name="task.freed", label=_("Task free, for whoever had it left the group")),
    AuditVerb(name="task.done", label=_("Task done")),
    AuditVerb(name="task.dropped", label=_("Task dropped")),
    AuditVerb(name="task.reopened", label=_("Task opened again")),
)


def _due(payload: Mapping[str, Any]) -> Text:
    said = {**payload, "day": day(date.fromisoformat(payload["due"]))}
    return _now("Your task “%(title)s” in %(group)s is due on %(day)s.") % said


announced.notification_kinds.add(
    NotificationKind(
        name="task.assigned",
        label=_("You are given a task"),
        sentence=lambda payload: _now("%(by)s gave you a task in %(group)s: %(title)s") % payload,
        mention=True,
    ),
    NotificationKind(
        name="task.due_tomorrow", label=_("A task of yours is due the next day"), sentence=_due, mention=True
    ),
    NotificationKind(name="task.due_today", label=_("A task of yours is due on this day"), sentence=_due, mention=True),
)

_IN_IT = _("Those who may read in the group.")
_AS_LONG = _("As long as the group.")


def _did(name: str, fields: tuple[str, ...], purpose: Text) -> RetentionRule:
    """A rule for who did something with a task: kept as long as it, leading to a row without a name."""
    return RetentionRule(
        name=f"group_tasks.{name}",
        model="group_tasks.Task",
        fields=fields,
        label=_("What you did for others"),
        purpose=purpose,
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=73,
    )


announced.retention_rules.add(
    RetentionRule(
        name="group_tasks.assignee",
        model="group_tasks.Task",
        fields=("assignee", "freed_from"),
        label=_("Groups you take part in"),
        purpose=_("To know who does what in a group, and who had a task before they left."),
        audience=_IN_IT,
        rule=_("As long as the group, or until somebody else has the task."),
        erasure=Erasure.KEEP,
        because=_("It leads to a row without a name."),
        order=44,
    ),
    _did("created", ("created_by", "created_at"), _("To know who made a task.")),
    _did("state", ("state_by", "state_at"), _("To know who did a task, dropped it or opened it again.")),
    RetentionRule(
        name="group_tasks.words",
        model="group_tasks.Task",
        fields=("title", "note"),
        of=("created_by",),
        label=_("Texts of others"),
        purpose=_("To say what is to be done. It may name people."),
        audience=_IN_IT,
        rule=_AS_LONG,
        erasure=Erasure.SCRUB,
        readers_language="language",
        order=79,
    ),
)
announced.not_personal.add(
    NotPersonal(
        model="group_tasks.Task",
        fields=(
            *("workspace", "number", "language", "due_on", "source", "reminded", "state", "version"),
            *("assignee_for", "state_for", "created_for"),
        ),
        because="what the task is, and for which organisations it was done",
    )
)

if settings.DEMONSTRATION:
    from workspaces.tasks.demonstration import tasks

    # After the groups and those who take part in them.
    announced.generators.add(DemonstrationGenerator(name="tasks of groups", generate=tasks, order=62))
