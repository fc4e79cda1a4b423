from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "workspaces.calendar"
    label = "group_calendar"
