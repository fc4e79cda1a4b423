from django.apps import AppConfig

from portal import registry


class WiringDiscoveryConfig(AppConfig):
    name = "portal.wiring_discovery"

    def ready(self) -> None:
        registry.discover()
