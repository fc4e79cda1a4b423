from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access import roles
from portal.secretariat.services import network_role_grant, network_role_revoke


class Command(BaseCommand):
    help = "Give the Secretariat's role to a person, take it away, or list who holds it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["add", "remove", "list"])
        parser.add_argument("address", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "list":
            for person in roles.holders(roles.SECRETARIAT).order_by("name"):
                self.stdout.write(f"{person.name} <{person.email}>")
            return
        found = get_user_model().objects.filter(email__iexact=options["address"]).first()
        if found is None:
            raise CommandError(f"Nobody has the address {options['address']!r}.")
        act = network_role_grant if options["act"] == "add" else network_role_revoke
        act(None, person=found, role=roles.SECRETARIAT)
        self.stdout.write(f"{found.name}: done.")
