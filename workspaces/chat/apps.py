from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "workspaces.chat"
