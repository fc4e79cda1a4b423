from typing import Any

from django.core.management.base import BaseCommand

from portal.ui.catalogues import LANGUAGES, update


class Command(BaseCommand):
    help = "Gather every message into the catalogues of all languages and compile them."

    def handle(self, *args: Any, **options: Any) -> None:
        for language in LANGUAGES:
            total, missing = update(language)
            self.stdout.write(f"{language}: {total} messages, {missing} untranslated")
