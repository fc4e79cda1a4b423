"""Importing organisations from the command line, by the same services as the page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from memberships.directory.imports.planning import Outcome, fingerprint
from memberships.directory.imports.selectors import counts, rows_of
from memberships.directory.imports.sentences import sentence
from memberships.directory.imports.services import Verdict, import_confirm, import_preview, stored_rows
from memberships.directory.imports.shown import read_as
from memberships.directory.models import Import
from memberships.organisations.models import Standing
from portal.access.policies import secretariat
from portal.accounts.models import User

KINDS = [kind.value for kind in Standing.Kind if kind != Standing.Kind.SUSPENDED]


class Command(BaseCommand):
    help = "Shows what a table of organisations (CSV or XLSX) would change, and imports it with --confirm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--confirm", action="store_true", help="import, instead of only showing")
        parser.add_argument("--by", metavar="ADDRESS", default="", help="who of the Secretariat answers for it")
        parser.add_argument("--standing", choices=KINDS, default="", help="first standing of new organisations")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["by"])
        standing = Standing.Kind(options["standing"]) if options["standing"] else None
        try:
            with options["file"].open("rb") as file, transaction.atomic():
                run = import_preview(actor, file_name=options["file"].name, file=file)
                self._tell(run)
                if not options["confirm"]:
                    transaction.set_rollback(True)
                    self.stdout.write("Nothing was changed. Add --confirm to import.")
                    return
                verdict = import_confirm(actor, run=run, standing=standing, seen=fingerprint(stored_rows(run)))
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        said = {
            Verdict.IMPORTED: "Imported.",
            Verdict.NOTHING_TO_DO: "There was nothing to do.",
            Verdict.LOOK_AGAIN: "The network changed at the same moment. Nothing was imported; try again.",
        }
        self.stdout.write(said[verdict])

    def _actor(self, address: str) -> User:
        people = secretariat()
        found = list((people.filter(email__iexact=address) if address else people)[:2])
        if len(found) != 1:
            raise CommandError("Name who of the Secretariat answers for the import: --by address@example.org")
        return found[0]

    def _tell(self, run: Import) -> None:
        for said in read_as(run):
            self.stdout.write(said)
        numbers = counts(stored_rows(run))
        self.stdout.write(
            ", ".join(f"{count} {Outcome(name).label.lower()}" for name, count in numbers.outcomes.items())
        )
        for row in rows_of(run).exclude(outcome=Outcome.NEW):
            self.stdout.write(f"Row {row.number}: {row.values.get('name', '')} ({Outcome(row.outcome).label.lower()})")
            for problem in row.problems:
                self.stdout.write(f"    {sentence(problem)}")
            for field, (before, after) in row.changes.items():
                self.stdout.write(f"    {field}: {before!r} → {after!r}")
