"""Loading the demonstration network from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.demonstration.services import NotLoadedError, load


class Command(BaseCommand):
    help = "Fills an empty database with the demonstration network: real organisations, invented people."

    def handle(self, *args: Any, **options: Any) -> None:
        detailed = options["verbosity"] > 1
        try:
            load(self.stdout.write if detailed else lambda _name: None)
        except NotLoadedError as error:
            raise CommandError(str(error)) from error
