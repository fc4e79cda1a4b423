"""Writes of tasks: making and changing them, their states, and what the clock does."""

from workspaces.tasks.services.editing import task_assign, task_create, task_from_message, task_update
from workspaces.tasks.services.minding import reminders_send, tasks_free
from workspaces.tasks.services.state import task_done, task_drop, task_reopen

__all__ = [
    "reminders_send",
    "task_assign",
    "task_create",
    "task_done",
    "task_drop",
    "task_from_message",
    "task_reopen",
    "task_update",
    "tasks_free",
]
