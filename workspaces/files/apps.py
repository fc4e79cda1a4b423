from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "workspaces.files"
    label = "group_files"  # "files" is the floor's, of what is stored
