from django.apps import AppConfig
from django.core import checks

from portal.files.checks import STORAGE, storage_is_usable


class FilesConfig(AppConfig):
    name = "portal.files"

    def ready(self) -> None:
        checks.register(storage_is_usable, STORAGE)
