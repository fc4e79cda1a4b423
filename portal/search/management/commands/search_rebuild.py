"""Writes the whole search index anew."""

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.registry import announced
from portal.search.services import reindex


class Command(BaseCommand):
    """`manage.py search_rebuild [source …]`: each source in one transaction; people can search meanwhile."""

    help = "Write the search index anew, for all sources or for those named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sources", nargs="*", help="names of sources; all when none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        known = [source.name for source in announced.search_sources]
        unknown = [name for name in options["sources"] if name not in known]
        if unknown:
            raise CommandError(f"Unknown: {', '.join(unknown)}. Known sources: {', '.join(known) or 'none'}.")
        for name in options["sources"] or known:
            written = reindex(name, progress=partial(self._tell, name))
            self.stdout.write(f"\r{name}: {written} in the index")

    def _tell(self, name: str, number: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{name}: {number}", ending="")
            self.stdout.flush()
