from django.apps import AppConfig
from django.core import checks


class PrivacyConfig(AppConfig):
    name = "portal.privacy"

    def ready(self) -> None:
        from portal.privacy.checks import everything_is_declared

        checks.register(everything_is_declared)
