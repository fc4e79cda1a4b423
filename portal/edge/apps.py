from django.apps import AppConfig


class EdgeConfig(AppConfig):
    name = "portal.edge"
    label = "edge"
