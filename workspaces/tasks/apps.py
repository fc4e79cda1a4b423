from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "workspaces.tasks"
    label = "group_tasks"  # "tasks" is the floor's, of jobs
