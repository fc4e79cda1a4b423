"""Moving everything that is kept encrypted to a new key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.registry import announced


class Command(BaseCommand):
    help = (
        "Encrypts second factors, and whatever else is kept encrypted, with FACTOR_KEY. Keys that it was encrypted "
        "with before must be named in FACTOR_KEY_FALLBACKS; afterwards they can be left out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for store in announced.sealed_stores:
            try:
                count = store.rotate()
            except ValueError as error:
                raise CommandError(
                    f"{store.name}: something was encrypted with a key that is neither FACTOR_KEY nor among "
                    "FACTOR_KEY_FALLBACKS. What was done so far stays done; name that key and run this again."
                ) from error
            self.stdout.write(f"{store.name}: {count} now with the current key.")
