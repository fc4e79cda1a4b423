from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks


class DemonstrationConfig(AppConfig):
    name = "portal.demonstration"

    def ready(self) -> None:
        checks.register(not_in_production, checks.Tags.security, deploy=True)


def not_in_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """`check --deploy` fails wherever this app is installed: its passwords are public and its mails are on a page."""
    return [
        checks.Error("The demonstration is installed.", hint="Unset DEMONSTRATION and TRIAL.", id="demonstration.E001")
    ]
